#include "server/program/management_routes.hpp"

#include "server/arm/providers.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/arm/resources.hpp"
#include "server/arm/storage_accounts.hpp"
#include "server/arm/storage_folder_routes.hpp"
#include "server/arm/subscriptions.hpp"

#include <iterator>
#include <utility>

namespace batchai::server {

std::vector<Route> management_routes(const ArmOptions& arm, const BatchAiRules& rules,
                                     const std::shared_ptr<const PrincipalAdmin>& principals) {
  std::vector<Route> all;
  for (auto table :
       {subscription_routes(arm), resource_group_routes(arm), resource_list_routes(arm), provider_routes(arm),
        storage_account_routes(arm), storage_folder_routes(arm), batchai_routes(rules), principal_routes(principals)}) {
    std::move(table.begin(), table.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace batchai::server
