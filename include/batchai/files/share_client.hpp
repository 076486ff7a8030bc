#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/url.hpp"
#include "batchai/files/directory_client.hpp"
#include "batchai/files/file_client.hpp"
#include "batchai/files/lease_client.hpp"
#include "batchai/files/models.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BATCHAI_NAMESPACE_BEGIN
namespace files {

/// What a share is created with.
struct CreateShareOptions {
  /// In GiB; the service's default (5120) when absent.
  std::optional<std::int64_t> quota = {};
  Metadata metadata = {};
};

/// What goes with a share.
struct RemoveShareOptions {
  /// Whether its snapshots go with it; 409 ShareHasSnapshots if there are any otherwise.
  bool snapshots = false;
};

/// One share. Thread-safe, cheap to copy.
class ShareClient {
 public:
  /// Made by ShareServiceClient::share.
  ShareClient(std::shared_ptr<const Connection> connection, std::string name);

  /// As it was given.
  [[nodiscard]] const std::string& name() const& noexcept { return name_; }
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string name() && { return std::move(name_); }
  /// Without any signature.
  [[nodiscard]] Url url() const;

  /// 409 ShareAlreadyExists when it is there.
  WriteResult create(const CreateShareOptions& options = {}, const CallContext& context = {}) const;
  /// False instead of an error when it was there already.
  bool create_if_absent(const CreateShareOptions& options = {}, const CallContext& context = {}) const;
  /// 404 ShareNotFound when it is not there.
  [[nodiscard]] ShareProperties get_properties(const CallContext& context = {}) const;
  /// Whether it is there. Throws what get_properties() throws, but for 404.
  [[nodiscard]] bool exists(const CallContext& context = {}) const;
  /// Removes the share with all that is in it. 404 ShareNotFound when it is not there.
  WriteResult remove(const RemoveShareOptions& options = {}, const CallContext& context = {}) const;
  /// False instead of an error when it is not there.
  bool remove_if_exists(const RemoveShareOptions& options = {}, const CallContext& context = {}) const;

  /// In GiB.
  WriteResult set_quota(std::int64_t quota, const CallContext& context = {}) const;
  /// Replaces all of it.
  WriteResult set_metadata(const Metadata& metadata, const CallContext& context = {}) const;
  /// Bytes in use, about.
  [[nodiscard]] std::uint64_t get_usage(const CallContext& context = {}) const;
  /// Policies that signatures can name, at most 5.
  [[nodiscard]] std::vector<AccessPolicy> get_access_policies(const CallContext& context = {}) const;
  /// Replaces all of them; the service takes at most 5.
  WriteResult set_access_policies(const std::vector<AccessPolicy>& policies, const CallContext& context = {}) const;
  /// Stores a security descriptor in SDDL ([MS-DTYP] 2.5.1) with the share. Returns the key that
  /// SmbSettings::permission_key takes. 400 FileInvalidPermission for text that is none.
  std::string create_permission(const std::string& sddl, const CallContext& context = {}) const;
  /// The descriptor in SDDL. 404 for a key that is not of this share.
  std::string get_permission(const std::string& key, const CallContext& context = {}) const;

  /// Makes a snapshot of the share as it is now. Returns what at_snapshot() takes.
  [[nodiscard]] std::string create_snapshot(const Metadata& metadata = {}, const CallContext& context = {}) const;
  /// The share as it was then: it can be read and removed.
  [[nodiscard]] ShareClient at_snapshot(const std::string& snapshot) const;
  /// The lease of the share.
  [[nodiscard]] LeaseClient lease() const;
  /// The share for the holder of its lease.
  [[nodiscard]] ShareClient with_lease(const std::string& id) const;

  /// The directory that everything is in. It is always there.
  [[nodiscard]] DirectoryClient root() const;
  /// Path below the share, with slashes, not encoded. Its parts may be any names that are there: jobs name what they
  /// write as they like. Creating, renaming and copying to a path throw InvalidArgument for names against the rules.
  /// Throws InvalidArgument for parts `.` and `..`.
  [[nodiscard]] DirectoryClient directory(std::string_view path) const;
  /// The same for a file.
  [[nodiscard]] FileClient file(std::string_view path) const;

  /// A URL that opens the share without further credentials. It is a secret. Throws InvalidArgument without
  /// the account key, and for options that have no end or permissions that do not exist.
  [[nodiscard]] Url sas_url(const SasOptions& options) const;

 private:
  HttpRequest request_for(const char* method, const char* component) const;

  std::shared_ptr<const Connection> connection_;
  std::string name_;
};

}  // namespace files
BATCHAI_NAMESPACE_END
