#pragma once

#include "server/arm/arm_options.hpp"
#include "server/http/router.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// Kind `resourceGroup`, key = lower-cased id.
std::string group_id(const std::string& subscription, const std::string& group);

/// Makes a resource group unless it is there.
void ensure_group(Transaction& transaction, const std::string& subscription, const std::string& group,
                  const std::string& location);

std::vector<Route> resource_group_routes(const ArmOptions& options);

}  // namespace batchai::server
