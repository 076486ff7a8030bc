#include "server/supervisor/watch.hpp"

#include "server/supervisor/process_table.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

using WatchClock = std::chrono::steady_clock;

/// Looking takes a two hundredth of a processor at most, and is done this often at most and at least.
constexpr int kShare = 200;
constexpr WatchClock::duration kSoonest = std::chrono::milliseconds(500);
constexpr WatchClock::duration kLatest = std::chrono::seconds(10);
/// The same for folders, whose size takes longer to know.
constexpr WatchClock::duration kSoonestDisk = std::chrono::seconds(2);
constexpr WatchClock::duration kLatestDisk = std::chrono::minutes(5);
constexpr std::uint64_t kMebibyte = 1024UL * 1024UL;
constexpr std::uint64_t kBlock = 512;

WatchClock::time_point next_after(WatchClock::time_point begun, WatchClock::duration soonest,
                                  WatchClock::duration latest) {
  const auto now = WatchClock::now();
  return now + std::clamp((now - begun) * kShare, soonest, latest);
}

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes / kMebibyte) + " MiB"; }

bool holds(const fs::path& folder, const fs::path& path) {
  return std::ranges::mismatch(folder, path).in1 == folder.end();
}

/// The folders of the nodes themselves: those writable ones in which their processes start, and the temporary ones.
std::set<fs::path> node_folders(const RunPlan& plan) {
  std::set<fs::path> result;
  for (const auto& folder : plan.sandbox.value_or(RunSandbox{}).writable) {
    for (const auto& node : plan.nodes) {
      if (holds(folder, node.working_directory)) {
        result.insert(folder);
      }
    }
  }
  for (const auto& node : plan.nodes) {
    if (plan.sandbox && !node.temporary.empty()) {
      result.insert(node.temporary);
    }
  }
  return result;
}

/// What all that is in it takes on the disk. Files come and go meanwhile.
std::uint64_t size_of_tree(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, ignored);
  for (; !ignored && entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    struct stat status {};
    if (::lstat(entry->path().c_str(), &status) == 0) {
      bytes += static_cast<std::uint64_t>(status.st_blocks) * kBlock;
    }
  }
  return bytes;
}

}  // namespace

Watch::Watch(const RunPlan& plan, std::size_t nodes, pid_t ancestor)
    : plan_(plan), ancestor_(ancestor == 0 ? ::getpid() : ancestor), limits_(plan.limits) {
  limits_.memory_bytes *= nodes;
  limits_.processes *= nodes;
  limits_.disk_bytes *= nodes;
  if (limits_.memory_bytes > 0 || limits_.processes > 0 || limits_.disk_bytes > 0) {
    next_ = WatchClock::now() + kSoonest;
    next_disk_ = next_;
  }
}

std::optional<std::string> Watch::look() {
  const auto begun = WatchClock::now();
  if (!next_ || begun < *next_) {
    return std::nullopt;
  }
  std::optional<std::string> passed;
  try {
    passed = passed_limit();
    if (!passed && limits_.disk_bytes > 0 && begun >= *next_disk_) {
      passed = passed_disk_limit();
    }
  } catch (const std::system_error&) {
    // This process has no descriptors or memory: it looks again.
  }
  next_ = next_after(begun, kSoonest, kLatest);
  return passed;
}

std::optional<std::string> Watch::passed_limit() const {
  const auto use = use_of_descendants(ancestor_);
  if (limits_.processes > 0 && use.tasks > limits_.processes) {
    return "it had " + std::to_string(use.tasks) + " processes and threads, and the limit is " +
           std::to_string(limits_.processes);
  }
  // Pages that processes share are in each one's number; how they are to be divided takes long to ask.
  if (limits_.memory_bytes > 0 && use.resident_bytes > limits_.memory_bytes) {
    const auto bytes = memory_of(use.processes);
    if (bytes > limits_.memory_bytes) {
      return "it used " + mebibytes(bytes) + " of memory, and the limit is " + mebibytes(limits_.memory_bytes);
    }
  }
  return std::nullopt;
}

std::optional<std::string> Watch::passed_disk_limit() {
  const auto begun = WatchClock::now();
  std::uint64_t bytes = 0;
  for (const auto& folder : node_folders(plan_)) {
    bytes += size_of_tree(folder);
  }
  next_disk_ = next_after(begun, kSoonestDisk, kLatestDisk);
  if (bytes <= limits_.disk_bytes) {
    return std::nullopt;
  }
  return "its nodes' own folders held " + mebibytes(bytes) + ", and the limit is " + mebibytes(limits_.disk_bytes);
}

}  // namespace batchai::server
