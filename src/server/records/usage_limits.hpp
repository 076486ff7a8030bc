#pragma once

#include <cstdint>

namespace batchai::server {

/// The quotas of a subscription in one location. Batch AI began with 20 clusters, 24 dedicated and 50 low-priority
/// cores and 20 active jobs; as the nodes here are slots of one machine, the defaults leave room for a cluster of 100
/// nodes of the largest size.
struct UsageLimits {
  /// A cluster above it is refused.
  std::int64_t clusters = 200;
  /// Clusters stay smaller than they should be, and say so among their errors, where their nodes would exceed it.
  std::int64_t dedicated_cores = 2'400;
  std::int64_t low_priority_cores = 2'400;
  /// Jobs that have not ended; a job above it is refused.
  std::int64_t active_jobs = 10'000;
};

}  // namespace batchai::server
