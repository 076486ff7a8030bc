#pragma once

#include "server/http/router.hpp"
#include "server/identity/token_endpoint.hpp"

#include <vector>

namespace batchai::server {

/// The anonymous part of the management API: token endpoints, OpenID configuration, keys, instance discovery.
/// `tokens` and `principals` must outlive the routes.
std::vector<Route> identity_routes(const IdentityOptions& options, const AccessTokens& tokens,
                                   const Principals& principals);

}  // namespace batchai::server
