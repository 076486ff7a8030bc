#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// What the scheduler needs to know of a job.
namespace batchai::server {

/// A job that waits for nodes of one cluster.
struct WaitingJob {
  /// 0 high, 1 normal, 2 low.
  int rank = 1;
  /// Order of creation, first in, first out within a rank. Also says which job it is.
  std::int64_t sequence = 0;
  int node_count = 1;
};

/// A job that runs on the cluster.
struct RunningJob {
  std::string key;
  int rank = 1;
  Timestamp started{};
};

/// `high`, `normal`, `low` in any case; everything else counts as normal.
int priority_rank(std::string_view priority);

}  // namespace batchai::server
