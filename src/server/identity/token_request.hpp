#pragma once

#include "batchai/core/secret.hpp"
#include "server/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace batchai::server {

/// Flavours of the token endpoint. They differ in how the audience is asked for and in the members of the answer.
enum class TokenFlavour { V1, V2, Adfs };

/// What a client asks the token endpoint for.
struct ClientCredentialRequest {
  std::string client_id;
  std::optional<Secret> secret;
  /// JWT in place of a secret.
  std::optional<Secret> assertion;
  std::string audience;
  /// The audience was given as `resource`, so the answer has the members of version 1.
  bool by_resource = false;
};

/// Reads form and Basic credentials (RFC 6749 2.3.1). Unknown fields are ignored. Throws TokenError.
ClientCredentialRequest read_client_credential_request(const Request& request, TokenFlavour flavour);

/// The id that the client goes by, from header, query or form, if it is a GUID.
std::optional<std::string> client_request_id(const Request& request);

}  // namespace batchai::server
