#include "files/transfer/transfer_counters.hpp"

namespace batchai::inline v1::files {

void TransferCounters::expect(std::uint64_t files, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  progress_.total_files += files;
  progress_.total_bytes += bytes;
  show();
}

void TransferCounters::moved(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  report_.moved_bytes += bytes;
  progress_.bytes += bytes;
  show();
}

void TransferCounters::covered(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  progress_.bytes += static_cast<std::uint64_t>(bytes);
  show();
}

void TransferCounters::ended(TransferEvent event, std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  if (options_.on_event) {
    options_.on_event(event);
  }
  if (event.action == TransferAction::Deleted) {
    ++report_.deleted;
    return;
  }
  ++progress_.files;
  switch (event.action) {
    case TransferAction::Copied:
      ++report_.files;
      report_.bytes += event.size;
      break;
    case TransferAction::Skipped:
      ++report_.skipped;
      break;
    default:
      report_.failures.push_back({std::move(event), std::move(error)});
  }
  show();
}

void TransferCounters::not_tried(std::uint64_t files) {
  const std::lock_guard lock(mutex_);
  progress_.files += files;
  report_.not_tried += files;
}

void TransferCounters::log(LogLevel level, const std::string& line) {
  if (options_.log) {
    const std::lock_guard lock(mutex_);
    options_.log(level, line);
  }
}

TransferReport TransferCounters::report(Duration elapsed) const {
  const std::lock_guard lock(mutex_);
  TransferReport report = report_;
  report.elapsed = elapsed;
  return report;
}

void TransferCounters::show() {
  if (options_.on_progress) {
    options_.on_progress(progress_);
  }
}

}  // namespace batchai::inline v1::files
