#include "server/records/region_use.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "server/faults/refusal.hpp"
#include "server/records/active_jobs.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/vm_size.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

std::int64_t cores_of(const ClusterRecord& cluster) {
  return static_cast<std::int64_t>(cluster.nodes.size()) * cores_of_vm_size(cluster.vm_size());
}

void add_cluster(Transaction& transaction, const Document& document, RegionUse& use) {
  const ClusterRecord cluster(document);
  const auto cores = cores_of(cluster);
  CoreUse& sum = cluster.is_low_priority() ? use.low_priority : use.dedicated;
  sum.total += cores;
  sum.by_family[family_of_vm_size(cluster.vm_size())] += cores;
  ++use.clusters;
  use.active_jobs += transaction.count_active_jobs(document.key);
}

void require_room(const char* code, const std::string& what, std::int64_t used, std::int64_t limit,
                  const Region& region) {
  if (used >= limit) {
    throw ServiceFault(409, code,
                       "The subscription has " + std::to_string(used) + " " + what + " in " + region.location +
                           " and its limit is " + std::to_string(limit) +
                           ". Delete some, or have the operator of the service raise the limit.");
  }
}

}  // namespace

Region region_of(const Document& workspace) {
  return {parse_resource_id(text_at(workspace.body, "id")).subscription, text_at(workspace.body, "location")};
}

RegionUse region_use(Transaction& transaction, const Region& region, std::string_view except) {
  const std::string prefix = "/subscriptions/" + to_lower(region.subscription) + "/";
  RegionUse use;
  for (const auto& workspace : transaction.list("workspace")) {
    if (!workspace.key.starts_with(prefix) || text_at(workspace.body, "location") != region.location) {
      continue;
    }
    for (const auto& cluster : transaction.list("cluster", workspace.key)) {
      if (cluster.key != except) {
        add_cluster(transaction, cluster, use);
      }
    }
  }
  return use;
}

int nodes_allowed(Transaction& transaction, const ClusterRecord& record, const UsageLimits& limits) {
  const auto workspace = transaction.get(record.document().parent);
  if (!workspace) {
    return 0;
  }
  const auto others = region_use(transaction, region_of(*workspace), record.key());
  const auto left = record.is_low_priority() ? limits.low_priority_cores - others.low_priority.total
                                             : limits.dedicated_cores - others.dedicated.total;
  const auto nodes = (left - cores_of(record)) / cores_of_vm_size(record.vm_size());
  return static_cast<int>(std::clamp<std::int64_t>(nodes, 0, 1'000'000));
}

void require_room_for_cluster(Transaction& transaction, const Region& region, const UsageLimits& limits) {
  require_room("ClusterQuotaReached", "clusters", region_use(transaction, region).clusters, limits.clusters, region);
}

void require_room_for_job(Transaction& transaction, const Document& cluster, const UsageLimits& limits) {
  if (static_cast<std::int64_t>(transaction.active_jobs().count()) < limits.active_jobs) {
    return;  // not even in all locations together
  }
  const Region region = region_of(transaction.get(cluster.parent).value());
  require_room("ActiveJobQuotaReached", "active jobs", region_use(transaction, region).active_jobs, limits.active_jobs,
               region);
}

}  // namespace batchai::server
