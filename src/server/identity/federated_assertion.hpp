#pragma once

#include "server/identity/federated_credentials.hpp"
#include "signing/jwt.hpp"

#include <vector>

namespace batchai::server {

/// Checks that `assertion` is a token of an identity provider that one of `credentials` names, for its subject and one
/// of its audiences, signed by the provider's key with that `kid`. Throws TokenError; the caller has to check the times
/// of the assertion.
void check_federated_assertion(const signing::Jwt& assertion, const std::vector<FederatedCredential>& credentials);

}  // namespace batchai::server
