#pragma once

#include "server/http/message.hpp"
#include "server/identity/signing_key.hpp"

#include <string>

namespace batchai::server {

/// The OpenID Connect configuration (Discovery 1.0) of a tenant, below `public_url`. `version` is `/v2.0` or empty.
/// The issuer has the same origin as the authority, which MSAL for JavaScript insists on.
Response openid_configuration(const std::string& public_url, const std::string& tenant, const std::string& version);

/// RFC 7517.
Response key_set(const SigningKey& key);

/// Says which hosts are one authority: this one, under one name. `request` has `authorization_endpoint`.
Response instance_discovery(const Request& request, const std::string& public_url, const std::string& tenant_id);

}  // namespace batchai::server
