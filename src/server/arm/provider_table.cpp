#include "server/arm/provider_table.hpp"

#include "batchai/core/http.hpp"

#include <algorithm>

namespace batchai::server {
namespace {

using Versions = std::vector<std::string>;

ProviderEntry batchai_provider() {
  const Versions versions = {"2018-05-01"};
  return {"Microsoft.BatchAI",
          {{"operations", versions},
           {"locations/usages", versions},
           {"locations/operationresults", versions},
           {"locations/operationstatuses", versions},
           {"workspaces", versions},
           {"workspaces/clusters", versions},
           {"workspaces/experiments", versions},
           {"workspaces/experiments/jobs", versions},
           {"workspaces/fileServers", versions}}};
}

ProviderEntry storage_provider() {
  const Versions versions = {"2022-09-01", "2019-06-01", "2018-07-01", "2018-02-01", "2017-10-01"};
  return {"Microsoft.Storage",
          {{"storageAccounts", versions},
           {"storageAccounts/fileServices", versions},
           {"storageAccounts/fileServices/shares", versions},
           {"storageAccounts/blobServices", versions},
           {"storageAccounts/blobServices/containers", versions},
           {"checkNameAvailability", versions}}};
}

}  // namespace

const std::vector<ProviderEntry>& provider_table() {
  static const std::vector<ProviderEntry> kTable = {
      batchai_provider(),
      // The instructions for Batch AI told users to register this one too. It has no types here.
      {"Microsoft.Batch", {}},
      storage_provider(),
      {"Microsoft.Resources",
       {{"subscriptions", {"2022-12-01", "2021-01-01", "2019-11-01", "2016-06-01"}},
        {"tenants", {"2022-12-01", "2021-01-01", "2019-11-01", "2016-06-01"}},
        {"resourceGroups", {"2022-09-01", "2021-04-01", "2016-02-01"}}}}};
  return kTable;
}

const ProviderEntry* find_provider(std::string_view name) {
  const auto& table = provider_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [name](const ProviderEntry& each) { return iequals(each.name, name); });
  return found == table.end() ? nullptr : &*found;
}

const ProviderType* find_type(const ProviderEntry& provider, std::string_view type) {
  const auto found = std::find_if(provider.types.begin(), provider.types.end(),
                                  [type](const ProviderType& each) { return iequals(each.name, type); });
  return found == provider.types.end() ? nullptr : &*found;
}

}  // namespace batchai::server
