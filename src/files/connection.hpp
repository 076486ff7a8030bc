#pragma once

#include "batchai/core/pipeline.hpp"
#include "batchai/files/models.hpp"
#include "batchai/files/storage_account.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::files {

/// An account and the way to it: what all clients share. Immutable, thread-safe.
class Connection {
 public:
  /// Throws InvalidArgument for a broken key, and for plain http to another machine.
  Connection(StorageAccount account, const ClientOptions& options);

  /// The same way with requests that are repeated as `retry` says.
  std::shared_ptr<const Connection> with_retry(const RetryOptions& retry) const;

  /// Adds the version and the credentials. Throws ServiceError for anything but 2xx.
  HttpResponse send(HttpRequest request, const CallContext& context) const;

  Url account_url() const { return account_.endpoint; }
  Url share_url(std::string_view share) const;
  /// `path` holds decoded parts; empty for the share's root.
  Url path_url(std::string_view share, const std::vector<std::string>& path) const;
  /// The URL with a new service SAS; `path` empty for the share. Throws InvalidArgument without an account key.
  Url sas_url(std::string_view share, const std::vector<std::string>& path, const SasOptions& options) const;
  /// The URL with the SAS of this connection, if it works with one.
  Url with_own_sas(Url url) const;

 private:
  StorageAccount account_;
  ClientOptions options_;
  std::shared_ptr<const Pipeline> pipeline_;
};

/// `a/b/c`.
std::string join_path(const std::vector<std::string>& path);

/// The parts of a path below a share. Throws InvalidArgument naming the path and the rule it breaks.
std::vector<std::string> checked_path(std::string_view path);

}  // namespace batchai::files
