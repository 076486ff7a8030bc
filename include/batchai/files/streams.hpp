#pragma once

#include "batchai/core/context.hpp"
#include "batchai/files/file_client.hpp"
#include "batchai/files/transfer_options.hpp"
#include "batchai/version.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// Uploads and downloads of what is in memory or in a stream, without a local file. Content is cut into pieces
/// (kLargestPiece), of which TransferOptions::max_connections are under way at a time; failed requests are repeated as
/// in a Transfer. Of the options count `max_connections`, `memory`, `validate_pieces`, `patience`, `on_progress`
/// (without a total where the size is not known before), `log` and `clock`.
BATCHAI_NAMESPACE_BEGIN
namespace files {

/// A file that was uploaded, and what the service says about its last write.
struct UploadedFile : WriteResult {
  /// In bytes.
  std::uint64_t size = 0;
  /// Base64 of the MD5 of the content, as the service keeps it for readers (Content-MD5).
  std::string content_md5 = {};
};

/// Fills `into`, which is never empty, from its beginning, and returns how many bytes it has put there; 0 at the end.
/// Called by threads of the library, by one at a time. What it throws ends the upload, which throws it. Signals are
/// blocked on these threads, and so they are in programs that it starts.
using PullBytes = std::function<std::size_t(std::span<std::byte> into)>;

/// Makes `target` a file with this content; one that is there is replaced. The directory has to be there: 404
/// ParentNotFound. Until all of it is there, and for good after a failure, the MD5 that is kept with the file is not
/// that of its content, so that no reader who compares takes it for whole; of an error that is permanent, the file is
/// removed. Throws what a request throws, and Error when somebody else has replaced the file meanwhile.
UploadedFile upload_bytes(std::span<const std::byte> content, const FileClient& target,
                          const TransferOptions& options = {}, const CreateFileOptions& properties = {},
                          const CallContext& context = {});

/// The same with all that `content` gives up to its end. Its size need not be known: the file grows meanwhile. The
/// stream is read by threads of the library, by one at a time, and only during the call. Throws Error when it fails.
UploadedFile upload_stream(std::istream& content, const FileClient& target, const TransferOptions& options = {},
                           const CreateFileOptions& properties = {}, const CallContext& context = {});

/// The same with what `pull` gives.
UploadedFile upload_pulled(const PullBytes& pull, const FileClient& target, const TransferOptions& options = {},
                           const CreateFileOptions& properties = {}, const CallContext& context = {});

/// Fetches a whole file to the beginning of `into`; its properties have the size. Compares it with its MD5, if the
/// service has one. Throws InvalidArgument when it is larger than `into`, DamagedContent when it is not what its MD5
/// says, Error when it is changed meanwhile, and what a request throws. What is in `into` then is no file.
FileProperties download_bytes(const FileClient& source, std::span<std::byte> into, const TransferOptions& options = {},
                              const CallContext& context = {});

/// The same into new memory.
[[nodiscard]] std::vector<std::byte> download_bytes(const FileClient& source, const TransferOptions& options = {},
                                                    const CallContext& context = {});

/// Writes a whole file to `into`, in order, by threads of the library, by one at a time, and only during the call. The
/// MD5 is compared at the end, when all has been written. Throws as download_bytes(), and Error when `into` fails.
FileProperties download_stream(const FileClient& source, std::ostream& into, const TransferOptions& options = {},
                               const CallContext& context = {});

/// Reads a file from its beginning to its end, as it is asked for; what comes next is fetched meanwhile, as far as
/// TransferOptions::memory and `max_connections` allow. Not thread-safe; movable.
class FileReader {
 public:
  /// Looks at the file, and begins to fetch it. Throws what a request throws. `context` bounds all of the reading.
  explicit FileReader(const FileClient& source, TransferOptions options = {}, CallContext context = {});
  /// What is moved from can only be assigned to or destroyed.
  FileReader(FileReader&&) noexcept;
  /// The same; ends the requests of the one before.
  FileReader& operator=(FileReader&&) noexcept;
  /// Ends the requests that are under way.
  ~FileReader();

  /// As they were at the beginning. Valid as long as this object.
  const FileProperties& properties() const noexcept;
  /// Fills `into` from its beginning, and returns with how many bytes: fewer than it has room for, but not 0, before
  /// the end. At the end, 0, after the content was compared with its MD5. Throws as download_bytes(), again each time.
  [[nodiscard]] std::size_t read(std::span<std::byte> into);

 private:
  class Fetching;
  std::unique_ptr<Fetching> fetching_;
};

}  // namespace files
BATCHAI_NAMESPACE_END
