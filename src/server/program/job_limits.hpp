#pragma once

#include "server/run/engine.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace batchai::server {

/// The `jobs` member of the settings: what jobs may use on each node, at most. The texts are empty, or lists of entries
/// with commas between them: `VALUE` for all, `SIZE=VALUE` for nodes of that VM size. Values are numbers, with K, M, G
/// or T behind them for powers of 1024.
struct JobLimits {
  std::string memory;
  std::string disk;
  std::string cpus;
  std::string file_size;
  /// 0: none.
  std::uint32_t processes = 16'384;
  std::uint32_t open_files = 0;
};

/// Limits of the nodes of a VM size. `default_memory`, in bytes and 0 for none, is for those that have none in the
/// settings. Throws UsageError for a text that is not of that form, at once.
std::function<RunLimits(std::string_view vm_size)> limits_by_size(const JobLimits& settings,
                                                                  std::uint64_t default_memory);

/// Nine tenths of this machine's memory, in bytes: a job that takes more would have it swap, or end others.
std::uint64_t most_memory_here();

}  // namespace batchai::server
