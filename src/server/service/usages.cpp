#include "server/service/usages.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/cluster.hpp"
#include "batchai/models/names.hpp"
#include "server/service/cluster_record.hpp"
#include "server/service/job_record.hpp"
#include "server/service/refusal.hpp"
#include "server/service/vm_size.hpp"
#include "server/service/workspaces.hpp"

#include <array>
#include <map>

namespace batchai::server {

namespace {

// Those that had quotas of their own.
constexpr std::array<std::string_view, 4> kFamilies = {"D", "Dv2", "NC", "NV"};

struct Cores {
  std::int32_t total = 0;
  std::map<std::string, std::int32_t> by_family = {};
};

struct Count {
  std::int32_t clusters = 0;
  std::int32_t active_jobs = 0;
  Cores dedicated = {};
  Cores low_priority = {};
};

void add_cluster(Transaction& transaction, const Document& document, Count& count) {
  const ClusterRecord cluster(document);
  const std::string vm_size = text_at(properties(document), "vmSize");
  const auto used = static_cast<std::int32_t>(cluster.nodes.size()) * cores_of_vm_size(vm_size);
  const bool low_priority = iequals(text_at(properties(document), "vmPriority"), VmPriority::kLowPriority);
  Cores& cores = low_priority ? count.low_priority : count.dedicated;
  cores.total += used;
  cores.by_family[family_of_vm_size(vm_size)] += used;
  ++count.clusters;
  count.active_jobs += static_cast<std::int32_t>(active_jobs(transaction, document.key).size());
}

Count count_in(Transaction& transaction, const std::string& subscription, const std::string& location) {
  const std::string prefix = "/subscriptions/" + to_lower(subscription) + "/";
  Count count;
  for (const auto& workspace : transaction.list("workspace")) {
    if (!workspace.key.starts_with(prefix) || text_at(workspace.body, "location") != location) {
      continue;
    }
    for (const auto& cluster : transaction.list("cluster", workspace.key)) {
      add_cluster(transaction, cluster, count);
    }
  }
  return count;
}

Usage usage(const std::string& name, const std::string& localized, std::int32_t value, std::int64_t limit) {
  return {.name = {.value = name, .localized_value = localized},
          .unit = UsageUnit(UsageUnit::kCount),
          .current_value = value,
          .limit = limit};
}

void add_cores(std::vector<Usage>& usages, const std::string& priority, const std::string& localized,
               const Cores& cores, std::int64_t limit) {
  const std::string total = "Total Cluster ";
  usages.push_back(
      usage(total + priority + " Regional vCPUs", total + localized + " Regional vCPUs", cores.total, limit));
  for (const auto family : kFamilies) {
    const std::string begin = "Standard " + std::string(family) + " Family Cluster ";
    const auto found = cores.by_family.find(std::string(family));
    usages.push_back(usage(begin + priority + " vCPUs", begin + localized + " vCPUs",
                           found == cores.by_family.end() ? 0 : found->second, limit));
  }
}

std::string checked_location(const std::string& location) {
  std::string normal = normal_location(location);
  try {
    check_location(normal);
  } catch (const InvalidArgument& error) {
    throw bad_parameter("location", error.what());
  }
  return normal;
}

}  // namespace

std::vector<Usage> Usages::list(const std::string& subscription, const std::string& location) {
  const std::string normal = checked_location(location);
  Count count;
  context_.store.read([&](Transaction& transaction) { count = count_in(transaction, subscription, normal); });
  std::vector<Usage> usages = {usage("Clusters", "Clusters", count.clusters, limits_.clusters)};
  add_cores(usages, "Dedicated", "Dedicated", count.dedicated, limits_.dedicated_cores);
  add_cores(usages, "LowPriority", "Low Priority", count.low_priority, limits_.low_priority_cores);
  usages.push_back(usage("ActiveJobs", "Active Jobs", count.active_jobs, limits_.active_jobs));
  return usages;
}

}  // namespace batchai::server
