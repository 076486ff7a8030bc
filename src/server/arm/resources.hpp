#pragma once

#include "server/arm/arm_options.hpp"
#include "server/http/router.hpp"

#include <vector>

namespace batchai::server {

/// Lists resources with a location, of all providers, in the subscription or in a group: workspaces and storage
/// accounts. `$filter` and `$top` as in ListFilter; of `$expand`, `createdTime` and `provisioningState`.
std::vector<Route> resource_list_routes(const ArmOptions& options);

}  // namespace batchai::server
