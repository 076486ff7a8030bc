#pragma once

#include "batchai/core/body.hpp"
#include "batchai/core/context.hpp"
#include "batchai/core/pageable.hpp"
#include "batchai/core/pipeline.hpp"
#include "batchai/core/url.hpp"
#include "batchai/files/lease_client.hpp"
#include "batchai/files/models.hpp"
#include "batchai/version.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BATCHAI_NAMESPACE_BEGIN
namespace files {

class Connection;

/// Largest piece that one put_range() takes, and the size of pieces in transfers.
inline constexpr std::uint64_t kLargestPiece = 4ULL * 1024 * 1024;

/// One file. Thread-safe, cheap to copy.
class FileClient {
 public:
  /// Made by ShareClient::file and DirectoryClient::file.
  FileClient(std::shared_ptr<const Connection> connection, std::string share, std::vector<std::string> path);
  /// A file behind a URL that carries its own signature, as listOutputFiles gives. Throws InvalidArgument for plain
  /// http to another machine.
  [[nodiscard]] static FileClient from_sas_url(const Url& url, const ClientOptions& options = {});

  /// The same file over requests that are repeated in another way.
  [[nodiscard]] FileClient with_retry(const RetryOptions& retry) const;

  /// Of the share that it is in.
  [[nodiscard]] const std::string& share_name() const& noexcept { return share_; }
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string share_name() && { return std::move(share_); }
  /// Below the share, with slashes.
  [[nodiscard]] std::string path() const;
  /// Last part of the path.
  [[nodiscard]] std::string name() const;
  /// Without any signature.
  [[nodiscard]] Url url() const;

  /// Makes the file, `size` zero bytes long; an existing one is overwritten. 404 ParentNotFound when its directory is
  /// missing.
  CreatedFile create(std::uint64_t size, const CreateFileOptions& options = {}, const CallContext& context = {}) const;
  /// The same where no file has the name; false, and nothing is done, where there is one. The service has no such
  /// operation: the file is made under another name, and renamed. That takes three requests, and an account key, a
  /// signature for the share, or a credential.
  bool create_if_absent(std::uint64_t size, const CreateFileOptions& options = {},
                        const CallContext& context = {}) const;
  /// 404 ResourceNotFound when it is not there.
  [[nodiscard]] FileProperties get_properties(const CallContext& context = {}) const;
  /// Whether it is there. Throws what get_properties() throws, but for 404.
  [[nodiscard]] bool exists(const CallContext& context = {}) const;
  /// 404 ResourceNotFound when it is not there, 409 SharingViolation while it is open by SMB.
  WriteResult remove(const CallContext& context = {}) const;
  /// False instead of an error when it, or a directory above it, is not there.
  bool remove_if_exists(const CallContext& context = {}) const;
  /// Replaces the content headers; what else is absent stays as it is.
  WriteResult set_properties(const SetFilePropertiesOptions& options, const CallContext& context = {}) const;
  /// Replaces all of it.
  WriteResult set_metadata(const Metadata& metadata, const CallContext& context = {}) const;

  /// Writes `bytes` (at most kLargestPiece, else InvalidArgument) at `offset`, inside the file's size.
  WriteResult put_range(std::uint64_t offset, std::string bytes, const PutRangeOptions& options = {},
                        const CallContext& context = {}) const;
  /// The same with bytes that are read while they are sent, and again when they are sent again.
  WriteResult put_range(std::uint64_t offset, const BodySource& bytes, const PutRangeOptions& options = {},
                        const CallContext& context = {}) const;
  /// Writes what `source` holds in `range` (at most kLargestPiece, else InvalidArgument) at `offset`; the bytes do not
  /// pass through this process. The URL has to open the file for the service: give it a signature. 404
  /// CannotVerifyCopySource when it does not.
  WriteResult put_range_from(const Url& source, const FileRange& range, std::uint64_t offset,
                             const CallContext& context = {}) const;
  /// Makes a range read as zeros.
  WriteResult clear_range(const FileRange& range, const CallContext& context = {}) const;
  /// The answer is shorter than the range when the file ends within it. 416 InvalidRange when it starts at the end or
  /// behind it, so for any range of an empty file.
  [[nodiscard]] FilePiece get_range(const FileRange& range, const GetRangeOptions& options = {},
                                    const CallContext& context = {}) const;
  /// The same; the bytes go to `into` as they come, also those of a try that fails or is damaged. Never more than the
  /// range has.
  [[nodiscard]] ReceivedPiece get_range(const FileRange& range, BodySink& into, const GetRangeOptions& options = {},
                                        const CallContext& context = {}) const;
  /// The ranges that hold data, in order.
  [[nodiscard]] std::vector<FileRange> list_ranges(const CallContext& context = {}) const;

  /// What clients have open by SMB of it.
  Pageable<SmbHandle> list_handles(const CallContext& context = {}) const;
  /// Closes one of them, by SmbHandle::id. Throws InvalidArgument for an empty one.
  ClosedHandles close_handle(const std::string& id, const CallContext& context = {}) const;
  /// Closes all of them.
  ClosedHandles close_all_handles(const CallContext& context = {}) const;

  /// Asks the service to copy a file it can read into this one; `pending` copies show in get_properties().
  CopyStatus copy_from(const Url& source, const CopyOptions& options = {}, const CallContext& context = {}) const;
  /// The same for a file of the same account.
  CopyStatus copy_from(const FileClient& source, const CopyOptions& options = {},
                       const CallContext& context = {}) const;
  /// Stops a copy that is pending; what has been copied stays, with size zero. 409 NoPendingCopyOperation when there is
  /// none.
  void abort_copy(const std::string& copy_id, const CallContext& context = {}) const;

  /// Gives the file another path in its share; the directory above has to be there. The file under its new name. Where
  /// the answer is lost and the request is sent again, it can be 404 although the file has its new name.
  FileClient rename_to(std::string_view path, const RenameOptions& options = {}, const CallContext& context = {}) const;
  /// The lease of the file.
  [[nodiscard]] LeaseClient lease() const;
  /// The file for the holder of its lease.
  [[nodiscard]] FileClient with_lease(const std::string& id) const;

  /// A URL that opens the file without further credentials. It is a secret. Throws InvalidArgument without
  /// the account key, and for options that have no end or permissions that do not exist.
  [[nodiscard]] Url sas_url(const SasOptions& options) const;

 private:
  HttpRequest put_request(std::uint64_t offset, std::uint64_t length, const PutRangeOptions& options) const;

  std::shared_ptr<const Connection> connection_;
  std::string share_;
  std::vector<std::string> path_;
};

}  // namespace files
BATCHAI_NAMESPACE_END
