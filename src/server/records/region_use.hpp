#pragma once

#include "server/records/store.hpp"
#include "server/records/usage_limits.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::server {

class ClusterRecord;

struct CoreUse {
  std::int64_t total = 0;
  /// By the names that family_of_vm_size gives.
  std::map<std::string, std::int64_t> by_family = {};
};

/// What the clusters of a subscription use in one location.
struct RegionUse {
  std::int64_t clusters = 0;
  std::int64_t active_jobs = 0;
  CoreUse dedicated = {};
  CoreUse low_priority = {};
};

/// A subscription and a location as it is in workspaces.
struct Region {
  std::string subscription;
  std::string location;
};

Region region_of(const Document& workspace);

/// Does not count the cluster with the key `except`.
RegionUse region_use(Transaction& transaction, const Region& region, std::string_view except = {});

/// How many nodes more than it has a cluster may get, as far as the limits of cores allow; `record` is counted as it is
/// now, stored or not.
int nodes_allowed(Transaction& transaction, const ClusterRecord& record, const UsageLimits& limits);

/// 409 `ClusterQuotaReached` if there is no room for one more cluster.
void require_room_for_cluster(Transaction& transaction, const Region& region, const UsageLimits& limits);
/// 409 `ActiveJobQuotaReached` if there is no room for one more job in the location of the cluster.
void require_room_for_job(Transaction& transaction, const Document& cluster, const UsageLimits& limits);

}  // namespace batchai::server
