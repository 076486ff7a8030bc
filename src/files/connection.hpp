#pragma once

#include "batchai/core/pipeline.hpp"
#include "batchai/files/models.hpp"
#include "batchai/files/storage_account.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::inline v1::files {

/// An account, its endpoint and how requests are authorized: what all clients share. Immutable, thread-safe.
class Connection {
 public:
  /// Throws InvalidArgument for a broken key, and for plain http to another machine.
  Connection(StorageAccount account, const ClientOptions& options);

  /// The same connection with requests that are repeated as `retry` says.
  std::shared_ptr<const Connection> with_retry(const RetryOptions& retry) const;

  /// The same connection, read-only, to a snapshot of a share.
  std::shared_ptr<const Connection> at_snapshot(const std::string& snapshot) const;
  /// The same connection for the holder of a lease.
  std::shared_ptr<const Connection> with_lease(const std::string& id) const;

  /// Adds the version and the credentials. Throws ServiceError for anything but 2xx.
  HttpResponse send(HttpRequest request, const CallContext& context) const;

  Url account_url() const { return account_.endpoint; }
  Url share_url(std::string_view share) const;
  /// `path` holds decoded parts; empty for the share's root.
  Url path_url(std::string_view share, const std::vector<std::string>& path) const;
  /// The URL with a new service SAS; `path` empty for the share. Throws InvalidArgument without an account key.
  Url sas_url(std::string_view share, const std::vector<std::string>& path, const SasOptions& options) const;
  /// The account's URL with a new account SAS for files. Throws InvalidArgument without an account key.
  Url account_sas_url(const AccountSasOptions& options) const;
  /// The URL with the SAS of this connection, if it works with one.
  Url with_own_sas(Url url) const;

 private:
  void require_key() const;
  /// Whether requests carry a token.
  bool signs_in() const;

  StorageAccount account_;
  ClientOptions options_;
  std::shared_ptr<const Pipeline> pipeline_;
  /// Empty: the share as it is.
  std::string snapshot_;
  /// Empty: none is held.
  std::string lease_;
};

/// The parts of a path below a share. They may be whatever a job has named what it wrote: the rules for names are for
/// what clients make. Throws InvalidArgument for a path that no request can carry.
std::vector<std::string> checked_path(std::string_view path);

/// Throws InvalidArgument, naming the path and the rule it breaks, unless clients may make something of that path.
void require_good_names(const std::vector<std::string>& path);

}  // namespace batchai::inline v1::files
