#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

// These functions throw std::system_error if this process cannot look at others: it has no descriptors or memory left.
namespace batchai::server {

/// Variable that every process of a run has in its environment; its value is the run_id.
inline constexpr const char* kRunIdVariable = "BATCHAI_RUN_ID";

/// Start of a process in clock ticks since boot (field 22 of /proc/PID/stat): together with the pid it identifies a
/// process for ever. Nothing if there is no such process.
std::optional<std::uint64_t> process_start_time(pid_t pid);

/// Whether a signal (SIGSTOP, SIGTSTP) has stopped it.
bool is_stopped(pid_t pid);

/// All living processes below `ancestor`, however deep; those that have ended and wait to be reaped are left out.
std::vector<pid_t> living_descendants(pid_t ancestor);

/// What the living processes below one use together.
struct ProcessUse {
  std::vector<pid_t> processes;
  /// Threads, of which each process has one at least.
  std::uint64_t tasks = 0;
  /// Memory that several of them share is counted for each.
  std::uint64_t resident_bytes = 0;
};
/// Looks at these processes only, so that many callers on a machine do not look at each other's.
ProcessUse use_of_descendants(pid_t ancestor);

/// Memory that is mapped by processes.
struct MappedMemory {
  std::uint64_t bytes = 0;
  /// Those of them that are in files in memory, or in memory that processes share.
  std::uint64_t shared_bytes = 0;
};
/// Memory of these processes, in which what several processes share is divided among them. Takes longer: the kernel
/// walks through all of their memory.
MappedMemory memory_of(const std::vector<pid_t>& processes);

/// The number that a process has in a PID namespace just below this process's, the one that a container or a sandbox
/// has: 1 is the first process in there. Nothing for processes that are in none.
std::optional<pid_t> pid_in_container(pid_t pid);

/// All living processes that carry the mark of this run and that the caller may look at.
std::vector<pid_t> processes_of_run(const std::string& run_id);

}  // namespace batchai::server
