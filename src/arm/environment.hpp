#pragma once

#include "batchai/arm/management_options.hpp"
#include "batchai/core/credential.hpp"

#include <memory>
#include <string>

namespace batchai::inline v1 {

/// What the environment says about who signs in, and for which subscription.
struct EnvironmentIdentity {
  std::shared_ptr<TokenCredential> credential;
  std::string subscription;
};

/// Throws InvalidArgument naming the variable that is missing.
EnvironmentIdentity identity_from_environment(const ManagementOptions& options);

}  // namespace batchai::inline v1
