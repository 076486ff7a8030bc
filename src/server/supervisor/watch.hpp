#pragma once

#include "server/run/engine.hpp"
#include "server/supervisor/disk_use.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/unnamed_files.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <sys/types.h>

namespace batchai::server {

/// Looks at what the processes below one use, for limits that the kernel does not keep for us. A look takes a
/// limited time, whatever there is to see, so that it holds nothing up. Not thread-safe.
class Watch {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `nodes` of the run are on this machine, and its processes below `ancestor`; 0: this one.
  Watch(const RunPlan& plan, std::size_t nodes, pid_t ancestor = 0);

  /// When to look next; nothing where there is nothing to look for.
  std::optional<Time> next() const noexcept { return next_; }
  /// Looks if it is time to. Returns one sentence that says which limit has been passed.
  std::optional<std::string> look();

 private:
  std::optional<std::string> passed_limit();
  std::optional<std::string> passed_memory_limit(const ProcessUse& use, std::uint64_t outside);
  std::optional<std::string> passed_disk_limit(const UnnamedFiles& unnamed);

  pid_t ancestor_;
  RunLimits limits_;
  std::vector<std::filesystem::path> folders_;
  DiskUse disk_;
  std::optional<Time> next_;
  std::optional<Time> next_disk_;
};

}  // namespace batchai::server
