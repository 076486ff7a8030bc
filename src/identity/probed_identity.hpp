#pragma once

#include "batchai/identity/credentials.hpp"

#include <memory>
#include <string>

namespace batchai::inline v1 {

/// A managed identity for machines that may have none: before the first token a request that may take one second finds
/// out whether there is a metadata service at all, as in the Azure SDKs. Where nothing answers, get_token() throws
/// CredentialUnavailable. An endpoint of App Service is not probed.
std::shared_ptr<TokenCredential> make_probed_identity(const std::string& client_id, const CredentialOptions& options,
                                                      const ManagedIdentityEndpoint& endpoint);

}  // namespace batchai::inline v1
