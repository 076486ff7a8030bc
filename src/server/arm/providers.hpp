#pragma once

#include "server/arm/arm_options.hpp"
#include "server/http/router.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// Showing, registering and unregistering resource providers. All are registered until someone unregisters them.
std::vector<Route> provider_routes(const ArmOptions& options);

/// Throws ServiceFault 409 `MissingSubscriptionRegistration` if the provider has been unregistered. `provider` is a
/// name of the provider table.
void require_registration(Transaction& transaction, const std::string& subscription, const std::string& provider);

}  // namespace batchai::server
