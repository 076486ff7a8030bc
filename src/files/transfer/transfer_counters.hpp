#pragma once

#include "batchai/files/transfer_options.hpp"

#include <mutex>

namespace batchai::inline v1::files {

/// Counts a run and calls its callbacks. Thread-safe.
class TransferCounters {
 public:
  explicit TransferCounters(const TransferOptions& options) : options_(options) {}

  void expect(std::uint64_t files, std::uint64_t bytes);
  /// Bytes that went over the network and are now at the target.
  void moved(std::uint64_t bytes);
  /// Bytes that need not be moved; negative when a file begins anew.
  void covered(std::int64_t bytes);
  /// A file or directory is finished. `error` of a failed one. So many files
  /// are not moved because their folder could not be made.
  void not_tried(std::uint64_t files);
  void ended(TransferEvent event, std::exception_ptr error = nullptr);
  void log(LogLevel level, const std::string& line);

  TransferReport report(Duration elapsed) const;

 private:
  void show();

  const TransferOptions& options_;
  mutable std::mutex mutex_;
  TransferProgress progress_;
  TransferReport report_;
};

}  // namespace batchai::inline v1::files
