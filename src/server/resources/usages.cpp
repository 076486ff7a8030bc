#include "server/resources/usages.hpp"

#include "server/records/region_use.hpp"
#include "server/resources/locations.hpp"

#include <array>

namespace batchai::server {

namespace {

// VM families that had quotas of their own.
constexpr std::array<std::string_view, 7> kFamilies = {"D", "Dv2", "NC", "NCv2", "NCv3", "ND", "NV"};

Usage usage(const std::string& name, const std::string& localized, std::int64_t value, std::int64_t limit) {
  return {.name = {.value = name, .localized_value = localized},
          .unit = UsageUnit(UsageUnit::kCount),
          .current_value = static_cast<std::int32_t>(value),
          .limit = limit};
}

void add_cores(std::vector<Usage>& usages, const std::string& priority, const std::string& localized,
               const CoreUse& cores, std::int64_t limit) {
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

}  // namespace

std::vector<Usage> Usages::list(const std::string& subscription, const std::string& location) {
  const std::string normal = require_location(location, "Microsoft.BatchAI/locations/usages");
  const UsageLimits& limits = context_.limits;
  RegionUse use;
  context_.store.read([&](Transaction& transaction) { use = region_use(transaction, {subscription, normal}); });
  std::vector<Usage> usages = {usage("Clusters", "Clusters", use.clusters, limits.clusters)};
  add_cores(usages, "Dedicated", "Dedicated", use.dedicated, limits.dedicated_cores);
  add_cores(usages, "LowPriority", "Low Priority", use.low_priority, limits.low_priority_cores);
  usages.push_back(usage("ActiveJobs", "Active Jobs", use.active_jobs, limits.active_jobs));
  return usages;
}

}  // namespace batchai::server
