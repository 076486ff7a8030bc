#include "server/supervisor/watch.hpp"

#include "core/lies_in.hpp"
#include "server/supervisor/shared_memory.hpp"

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
/// The same for folders, whose size takes longer to know: it is found in parts.
constexpr WatchClock::duration kSoonestDisk = std::chrono::seconds(2);
constexpr WatchClock::duration kLongestWalk = std::chrono::milliseconds(50);
constexpr WatchClock::duration kLongestSearch = std::chrono::milliseconds(500);
constexpr std::uint64_t kMebibyte = 1024UL * 1024UL;

WatchClock::time_point next_after(WatchClock::time_point begun, WatchClock::duration soonest,
                                  WatchClock::duration latest) {
  const auto now = WatchClock::now();
  return now + std::clamp((now - begun) * kShare, soonest, latest);
}

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes / kMebibyte) + " MiB"; }

/// The folders of the nodes themselves: those writable ones in which their processes start, and the temporary ones.
std::vector<fs::path> node_folders(const RunPlan& plan) {
  std::set<fs::path> result;
  for (const auto& folder : plan.sandbox.value_or(RunSandbox{}).writable) {
    for (const auto& node : plan.nodes) {
      if (lies_in(node.working_directory, folder)) {
        result.insert(folder);
      }
    }
  }
  for (const auto& node : plan.nodes) {
    if (plan.sandbox && !node.temporary.empty()) {
      result.insert(node.temporary);
    }
  }
  return {result.begin(), result.end()};
}

std::set<dev_t> devices_of(const std::vector<fs::path>& folders) {
  std::set<dev_t> result;
  for (const auto& folder : folders) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) == 0) {
      result.insert(status.st_dev);
    }
  }
  return result;
}

}  // namespace

Watch::Watch(const RunPlan& plan, std::size_t nodes, pid_t ancestor)
    : ancestor_(ancestor == 0 ? ::getpid() : ancestor),
      limits_(plan.limits),
      folders_(node_folders(plan)),
      disk_(folders_) {
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
  } catch (const std::system_error&) {
    // This process has no descriptors or memory: it looks again.
  }
  next_ = next_after(begun, kSoonest, kLatest);
  return passed;
}

std::optional<std::string> Watch::passed_limit() {
  const auto use = use_of_descendants(ancestor_);
  if (limits_.processes > 0 && use.tasks > limits_.processes) {
    return "it had " + std::to_string(use.tasks) + " processes and threads, and the limit is " +
           std::to_string(limits_.processes);
  }
  std::set<dev_t> counted;
  const bool for_memory = limits_.memory_bytes > 0;
  const auto outside =
      for_memory ? memory_of_mounts(use.processes, counted) + memory_of_segments(use.processes) : std::uint64_t{0};
  const auto unnamed = unnamed_files_of(use.processes, counted, WatchClock::now() + kLongestSearch);
  auto passed = for_memory ? passed_memory_limit(use, outside + unnamed.memory_bytes) : std::nullopt;
  if (!passed && limits_.disk_bytes > 0 && WatchClock::now() >= *next_disk_) {
    passed = passed_disk_limit(unnamed);
  }
  return passed;
}

/// `outside` of the processes is memory that may be mapped by them, too; nobody tells how much of it is.
std::optional<std::string> Watch::passed_memory_limit(const ProcessUse& use, std::uint64_t outside) {
  // Pages that processes share are in each one's number; how they are to be divided takes long to ask.
  if (use.resident_bytes + outside <= limits_.memory_bytes) {
    return std::nullopt;
  }
  const auto mapped = memory_of(use.processes);
  const auto bytes = mapped.bytes - mapped.shared_bytes + std::max(mapped.shared_bytes, outside);
  if (bytes <= limits_.memory_bytes) {
    return std::nullopt;
  }
  return "it used " + mebibytes(bytes) + " of memory, and the limit is " + mebibytes(limits_.memory_bytes);
}

std::optional<std::string> Watch::passed_disk_limit(const UnnamedFiles& unnamed) {
  const auto begun = WatchClock::now();
  disk_.go_on(begun + kLongestWalk);
  next_disk_ = next_after(begun, kSoonestDisk, kLongestWalk * kShare * 2);
  auto bytes = disk_.bytes();
  for (const dev_t device : devices_of(folders_)) {
    const auto found = unnamed.disk_bytes.find(device);
    bytes += found == unnamed.disk_bytes.end() ? 0 : found->second;
  }
  if (bytes <= limits_.disk_bytes) {
    return std::nullopt;
  }
  return "its nodes' own folders held " + mebibytes(bytes) + ", and the limit is " + mebibytes(limits_.disk_bytes);
}

}  // namespace batchai::server
