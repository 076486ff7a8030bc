#pragma once

#include "server/arm/arm_options.hpp"
#include "server/http/router.hpp"

#include <vector>

namespace batchai::server {

/// Subscriptions, tenants, locations: one of each of the first two.
std::vector<Route> subscription_routes(const ArmOptions& options);

/// `/metadata/endpoints`, by which az finds the other endpoints of a cloud. Needs no token.
Route metadata_route(const ArmOptions& options);

}  // namespace batchai::server
