#pragma once

#include "batchai/core/context.hpp"
#include "batchai/core/pageable.hpp"
#include "batchai/core/pipeline.hpp"
#include "batchai/core/url.hpp"
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

class Connection;
class FileClient;

/// What a listing of a directory shows.
struct ListDirectoryOptions {
  /// Of the names in this directory; it respects case.
  std::string prefix = {};
  /// Entries of one page, 1 to 5000; it does not bound the whole list. The service takes 5000 where it is absent.
  std::optional<int> page_size = {};
  /// Whether DirectoryEntry::attributes and DirectoryEntry::permission_key are filled.
  bool smb = false;
};

/// One directory of a share; the root when it has no path. Thread-safe, cheap to copy.
class DirectoryClient {
 public:
  /// Made by ShareClient::directory and directory().
  DirectoryClient(std::shared_ptr<const Connection> connection, std::string share, std::vector<std::string> path);

  /// The same directory over requests that are repeated in another way.
  [[nodiscard]] DirectoryClient with_retry(const RetryOptions& retry) const;

  /// Of the share that it is in.
  [[nodiscard]] const std::string& share_name() const& noexcept { return share_; }
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string share_name() && { return std::move(share_); }
  /// Below the share, with slashes; empty for the root.
  [[nodiscard]] std::string path() const;
  /// Without any signature.
  [[nodiscard]] Url url() const;

  /// 409 ResourceAlreadyExists when it is there, 404 ParentNotFound when the directory above is missing.
  WriteResult create(const CreateDirectoryOptions& options = {}, const CallContext& context = {}) const;
  /// False instead of an error when it was there already.
  bool create_if_absent(const CreateDirectoryOptions& options = {}, const CallContext& context = {}) const;
  /// Creates what is missing of the whole path. Whether the directory itself was missing.
  bool create_all(const CallContext& context = {}) const;
  /// 404 ResourceNotFound when it is not there.
  [[nodiscard]] DirectoryProperties get_properties(const CallContext& context = {}) const;
  /// Whether it is there. Throws what get_properties() throws, but for 404.
  [[nodiscard]] bool exists(const CallContext& context = {}) const;
  /// 409 DirectoryNotEmpty while there is something in it.
  WriteResult remove(const CallContext& context = {}) const;
  /// False instead of an error when it, or a directory above it, is not there.
  bool remove_if_exists(const CallContext& context = {}) const;
  /// Replaces all of it.
  WriteResult set_metadata(const Metadata& metadata, const CallContext& context = {}) const;
  /// Changes what is set, and leaves the rest as it is.
  WriteResult set_properties(const SmbSettings& settings, const CallContext& context = {}) const;
  /// Gives the directory another path in its share, with all that is in it. The directory under its new name. Where the
  /// answer is lost and the request is sent again, it can be 404 although the directory has its new name.
  DirectoryClient rename_to(std::string_view path, const RenameOptions& options = {},
                            const CallContext& context = {}) const;
  /// Sorted by name.
  [[nodiscard]] Pageable<DirectoryEntry> list(const ListDirectoryOptions& options = {},
                                              const CallContext& context = {}) const;

  /// What clients have open by SMB: the directory, and with `recursive` all below it.
  Pageable<SmbHandle> list_handles(bool recursive = false, const CallContext& context = {}) const;
  /// Closes one of them, by SmbHandle::id. Throws InvalidArgument for an empty one.
  ClosedHandles close_handle(const std::string& id, const CallContext& context = {}) const;
  /// Closes all of them.
  ClosedHandles close_all_handles(bool recursive = false, const CallContext& context = {}) const;

  /// As ShareClient::directory and ShareClient::file.
  [[nodiscard]] DirectoryClient directory(std::string_view relative_path) const;
  /// The same for a file. Throws InvalidArgument for an empty path.
  [[nodiscard]] FileClient file(std::string_view relative_path) const;

 private:
  std::shared_ptr<const Connection> connection_;
  std::string share_;
  std::vector<std::string> path_;
};

}  // namespace files
BATCHAI_NAMESPACE_END
