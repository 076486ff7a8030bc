#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include <sys/types.h>

namespace batchai::server {

/// What files take that have no name any more, or never had one, and that processes hold.
struct UnnamedFiles {
  /// In memory: what memfd_create(2) made, deleted files of a tmpfs and, where the caller may look at it, memory that
  /// processes share.
  std::uint64_t memory_bytes = 0;
  /// On disks, by device.
  std::map<dev_t, std::uint64_t> disk_bytes;
};

/// Finds the files by the descriptors of the processes; those which are only mapped are found by root. Each is counted
/// once; what is on the devices `counted` is left out. Ends at `deadline` with what has been found until then. Does not
/// throw for what cannot be looked at.
UnnamedFiles unnamed_files_of(const std::vector<pid_t>& processes, const std::set<dev_t>& counted,
                              std::chrono::steady_clock::time_point deadline);

}  // namespace batchai::server
