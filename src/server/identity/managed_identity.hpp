#pragma once

#include "server/http/router.hpp"
#include "server/identity/access_tokens.hpp"
#include "server/identity/principals.hpp"

#include <string>
#include <vector>

namespace batchai::server {

struct ManagedIdentityOptions {
  /// The audiences that tokens may be requested for.
  std::vector<std::string> audiences;
  /// The principal of a request that names none.
  std::string client_id;
};

/// Tokens for every client that reaches this service, without a secret, as from the instance metadata service of a
/// virtual machine: `/metadata/identity/oauth2/token` by GET, and by POST with a form, as the agent of Cloud Shell
/// (`MSI_ENDPOINT`) is asked. To be offered on loopback addresses only. `tokens` and `principals` must outlive the
/// routes.
std::vector<Route> managed_identity_routes(const ManagedIdentityOptions& options, const AccessTokens& tokens,
                                           const Principals& principals);

}  // namespace batchai::server
