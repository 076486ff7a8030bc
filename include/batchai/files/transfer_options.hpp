#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/pipeline.hpp"
#include "batchai/files/models.hpp"
#include "batchai/version.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

BATCHAI_NAMESPACE_BEGIN
namespace files {

/// When a file that is at the target already is left alone.
enum class SkipUnchanged {
  Never,
  /// Size and time of last writing are those of the source.
  BySizeAndTime,
  /// Size and MD5 are. A target without an MD5 counts as changed; local files are read. Uploads store the MD5 of all
  /// files, also where it costs: of those of more than one piece (kLargestPiece) that are sent by https.
  ByChecksum
};

/// Counted over a whole run.
struct TransferProgress {
  /// Moved, or found to be there from an earlier run.
  std::uint64_t bytes = 0;
  std::uint64_t total_bytes = 0;
  /// Done, skipped or failed.
  std::uint64_t files = 0;
  std::uint64_t total_files = 0;
};

enum class TransferAction { Copied, Skipped, Deleted, Failed };

/// What has become of one file or directory. Places are local paths, or `SHARE/PATH`.
struct TransferEvent {
  TransferAction action = TransferAction::Copied;
  std::string source;
  /// Of deletions, the place that is gone, without a source.
  std::string target;
  /// In bytes.
  std::uint64_t size = 0;
  /// One sentence: why it failed or was skipped.
  std::string reason = {};
};

/// How files are moved, and which.
struct TransferOptions {
  /// Requests under way at the same time, at most; fewer while the service is busy (429, 503) or out of reach.
  unsigned max_connections = 8;
  /// Bounds what buffers take, in bytes: 1 MiB for a request, and small files as a whole.
  std::uint64_t memory = 48ULL * 1024 * 1024;
  /// Sends and checks the MD5 of every piece, too.
  bool validate_pieces = false;
  /// How long one request is repeated while the service is out of reach or busy, as during its restart. Nothing is
  /// repeated for longer than the call's deadline allows.
  Duration patience = std::chrono::minutes(10);
  /// Where uploads of large files note how far they are, so that a later run can resume there. Empty: nowhere.
  std::string journal_folder = {};

  /// Only files whose path below the folder, or whose name, matches one of these shell patterns; none: all.
  std::vector<std::string> patterns = {};
  /// No files that match one of these.
  std::vector<std::string> excludes = {};
  /// Of uploads of folders, says of an entry whether it is left out too, a folder with all below it. Gets its path
  /// below the folder. Called while folders are added, by the caller's thread; what it throws is a failure of that
  /// entry.
  std::function<bool(const std::string& relative_path, bool is_folder)> leaves_out = {};
  SkipUnchanged skip_unchanged = SkipUnchanged::Never;
  /// Of a folder, also removes what is at the target and not at the source, after all went well. What `patterns` and
  /// `excludes` leave out stays. A file where a directory goes, or the other way round, is removed before.
  bool delete_extra = false;
  /// Local symbolic links below a folder are followed. Otherwise they are left out.
  bool follow_links = false;
  /// Looks only: what would be done is reported as if it were.
  bool dry_run = false;

  // Callbacks come from several threads, one at a time, and must not throw.
  /// Called after every piece and every file.
  std::function<void(const TransferProgress&)> on_progress = {};
  /// Called when a file is finished, whether it succeeded or not.
  std::function<void(const TransferEvent&)> on_event = {};
  /// Told of requests that are repeated.
  LogSink log = {};
  /// Null: the machine's clock.
  std::shared_ptr<Clock> clock = nullptr;
};

/// A file that was not moved.
struct TransferFailure {
  TransferEvent event;
  std::exception_ptr error;
};

/// The end of a run.
struct TransferReport {
  std::uint64_t files = 0;
  /// Of those files.
  std::uint64_t bytes = 0;
  /// Sent or received in this run; less than `bytes` where an earlier run had done a part, or there are holes.
  std::uint64_t moved_bytes = 0;
  std::uint64_t skipped = 0;
  std::uint64_t deleted = 0;
  std::vector<TransferFailure> failures = {};
  /// Files that were not moved because a folder above them could not be made, which is among the failures.
  std::uint64_t not_tried = 0;
  Duration elapsed = {};
};

}  // namespace files
BATCHAI_NAMESPACE_END
