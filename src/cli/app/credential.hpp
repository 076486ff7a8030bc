#pragma once

#include "batchai/identity/credentials.hpp"
#include "cli/config/identity.hpp"

#include <memory>

namespace batchai::cli {

/// The library's credential for an identity. `environment` says where a managed identity's tokens come from. Throws
/// InvalidArgument for a certificate file that cannot be used.
std::shared_ptr<TokenCredential> make_credential(const Identity& identity, const CredentialOptions& options,
                                                 const Environment& environment);

}  // namespace batchai::cli
