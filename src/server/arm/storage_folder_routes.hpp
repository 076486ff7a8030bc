#pragma once

#include "server/arm/arm_options.hpp"
#include "server/http/router.hpp"

#include <vector>

namespace batchai::server {

/// `…/storageAccounts/{account}/fileServices/default/shares` and `…/blobServices/default/containers`: listing, showing,
/// making, changing and deleting shares and containers of a storage account.
std::vector<Route> storage_folder_routes(const ArmOptions& options);

}  // namespace batchai::server
