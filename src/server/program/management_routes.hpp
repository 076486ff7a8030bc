#pragma once

#include "server/arm/arm_options.hpp"
#include "server/batchai/batchai_api.hpp"
#include "server/http/router.hpp"
#include "server/identity/principal_admin.hpp"

#include <memory>
#include <vector>

namespace batchai::server {

/// Everything on the management port that needs a token and a role. What `rules` refers to outlives the routes.
std::vector<Route> management_routes(const ArmOptions& arm, const BatchAiRules& rules,
                                     const std::shared_ptr<const PrincipalAdmin>& principals);

}  // namespace batchai::server
