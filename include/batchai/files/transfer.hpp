#pragma once

#include "batchai/core/context.hpp"
#include "batchai/files/directory_client.hpp"
#include "batchai/files/file_client.hpp"
#include "batchai/files/transfer_options.hpp"
#include "batchai/version.hpp"

#include <memory>
#include <string>

BATCHAI_NAMESPACE_BEGIN
namespace files {

class TransferPlan;

/// Moves many files at a time between local folders and shares, or within an account. Files and folders are added,
/// which looks through them; run() then moves all of it with the same connections and memory.
///
/// - Uploads store the MD5 of the whole file (Content-MD5): of files of one piece, of all with
///   SkipUnchanged::ByChecksum, and of all that are not sent by https. Downloads are compared with a stored one. While
///   an upload is under way the stored one is not that of what is there, so that no reader who compares takes half a
///   file for a whole one.
/// - The time of the last write is kept (x-ms-file-last-write-time, the local file's time).
/// - Holes of sparse files are not moved.
/// - A local file appears under its name complete or not at all. Until then it is `.NAME.batchai-part` beside it, with
/// a
///   journal; a later run continues where an earlier one ended, however it ended, unless the source has changed.
/// - Nothing is written outside the target: neither because of names in a listing nor through symbolic links in it.
///
/// Not thread-safe.
class Transfer {
 public:
  /// `context` bounds looking through the sources and run().
  explicit Transfer(TransferOptions options = {}, CallContext context = {});
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Throws InvalidArgument when the local file is not there or no regular file.
  void upload(const std::string& source, const FileClient& target, const CreateFileOptions& properties = {});
  /// All below `source`. Directories are made as needed. Throws InvalidArgument when it is no folder; files further
  /// below that cannot be read or sent fail one by one.
  void upload_folder(const std::string& source, const DirectoryClient& target);
  /// Throws what a request throws when the file is not there. Folders above `target` are made as needed.
  void download(const FileClient& source, const std::string& target);
  /// All below `source`. Folders are made as needed. Throws what listing throws when it is not there.
  void download_folder(const DirectoryClient& source, const std::string& target);
  /// Copies within the service: both have to be of the same account, or `source` has to carry a SAS.
  void copy(const FileClient& source, const FileClient& target);
  /// All below `source`. Directories are made as needed. Throws as download_folder().
  void copy_folder(const DirectoryClient& source, const DirectoryClient& target);

  /// Moves what was added, and forgets it. One file's failure does not stop the others. Throws Cancelled or
  /// DeadlineExceeded; what was under way can then be resumed.
  [[nodiscard]] TransferReport run();

 private:
  TransferOptions options_;
  CallContext context_;
  std::unique_ptr<TransferPlan> plan_;
};

/// One file through a Transfer: throws its failure.
void upload_file(const std::string& source, const FileClient& target, const TransferOptions& options = {},
                 const CreateFileOptions& properties = {}, const CallContext& context = {});
void download_file(const FileClient& source, const std::string& target, const TransferOptions& options = {},
                   const CallContext& context = {});

}  // namespace files
BATCHAI_NAMESPACE_END
