#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/url.hpp"
#include "batchai/files/directory_client.hpp"
#include "batchai/files/file_client.hpp"
#include "batchai/files/models.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::files {

struct CreateShareOptions {
  /// In GiB; the service's default (5120) when absent.
  std::optional<std::int64_t> quota = {};
  Metadata metadata = {};
};

/// One share. Thread-safe, cheap to copy.
class ShareClient {
 public:
  ShareClient(std::shared_ptr<const Connection> connection, std::string name);

  const std::string& name() const noexcept { return name_; }
  Url url() const;

  /// 409 ShareAlreadyExists when it is there.
  void create(const CreateShareOptions& options = {}, const CallContext& context = {}) const;
  /// False instead of an error when it was there already.
  bool create_if_absent(const CreateShareOptions& options = {}, const CallContext& context = {}) const;
  ShareProperties get_properties(const CallContext& context = {}) const;
  bool exists(const CallContext& context = {}) const;
  void remove(const CallContext& context = {}) const;

  DirectoryClient root() const;
  /// Path below the share, with slashes, not encoded. Throws InvalidArgument for one against the rules.
  DirectoryClient directory(std::string_view path) const;
  FileClient file(std::string_view path) const;

  /// A URL that opens the share without further credentials. It is a secret. Needs the account key, else throws
  /// InvalidArgument.
  Url sas_url(const SasOptions& options) const;

 private:
  std::shared_ptr<const Connection> connection_;
  std::string name_;
};

}  // namespace batchai::files
