#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include <sys/types.h>

// Memory that belongs to no process. These functions leave out what cannot be looked at.
namespace batchai::server {

/// What is in file systems in memory (tmpfs) that these processes see and the caller does not, `/dev/shm` of a sandbox
/// for example. Their devices are added to `devices`.
std::uint64_t memory_of_mounts(const std::vector<pid_t>& processes, std::set<dev_t>& devices);

/// Segments of shared memory of System V: all that are in the IPC namespaces of these processes, and of those in the
/// caller's own namespace what one of the processes made. Starts a short-lived process for each other namespace, which
/// nobody else notices.
std::uint64_t memory_of_segments(const std::vector<pid_t>& processes);

}  // namespace batchai::server
