#pragma once

#include "batchai/identity/credentials.hpp"

#include <memory>
#include <string>

namespace batchai {

/// A managed identity for machines that may have none: before the first token it is found out whether a metadata
/// service is there at all, by a request that is given one second, as the Azure SDKs do. Where nothing answers,
/// get_token() throws CredentialUnavailable. An endpoint of App Service is there by its being named, and not probed.
std::shared_ptr<TokenCredential> make_probed_identity(const std::string& client_id, const CredentialOptions& options,
                                                      const ManagedIdentityEndpoint& endpoint);

}  // namespace batchai
