#pragma once

#include "server/run/engine.hpp"

#include <cstdint>
#include <optional>

#include <sched.h>
#include <sys/types.h>

namespace batchai::server {

/// What the kernel keeps of the limits of a run, for each of its processes.
struct ProcessLimits {
  std::uint64_t open_files = 0;
  std::uint64_t file_bytes = 0;
  /// Where they run; nothing: everywhere that this process may.
  std::optional<cpu_set_t> processors;
};

/// Runs that have fewer processors than the machine get some that follow each other, from one that their name decides,
/// so that they are spread over all.
ProcessLimits process_limits(const RunPlan& plan);

/// Takes them for this process and those that it starts, and makes it one that the kernel ends first where the machine
/// has no memory left. To be called between fork and exec: makes nothing but system calls.
void take_limits(const ProcessLimits& limits);

/// Lowers how many processes and threads of its user's `process` and what it starts may have, counted in its user
/// namespace; 0: as they are. Does nothing where it may not.
void limit_tasks(pid_t process, std::uint64_t most);

}  // namespace batchai::server
