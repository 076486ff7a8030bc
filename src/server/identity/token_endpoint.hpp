#pragma once

#include "batchai/core/clock.hpp"
#include "server/http/message.hpp"
#include "server/identity/access_tokens.hpp"
#include "server/identity/assertion_verifier.hpp"
#include "server/identity/attempt_brake.hpp"
#include "server/identity/principals.hpp"
#include "server/identity/token_request.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace batchai::server {

struct IdentityOptions {
  /// Base URL that clients reach this service at, without slash at the end, as `https://127.0.0.1:10010`.
  std::string public_url;
  /// The audiences that tokens may be requested for.
  std::vector<std::string> audiences;
  std::shared_ptr<const Clock> clock;
  /// Where certificates and federated credentials of principals are registered; see AssertionOptions.
  std::filesystem::path principals_folder;
  /// Called with registrations that cannot be used. Not null.
  WarningSink warn;
};

/// Grants tokens for client credentials (RFC 6749 4.4): a secret or a client assertion. Thread-safe.
class TokenEndpoint {
 public:
  TokenEndpoint(const IdentityOptions& options, const AccessTokens& tokens, const Principals& principals);

  /// `tenant` as in the path; `adfs` means the only tenant.
  Response handle(const Request& request, const std::string& tenant, TokenFlavour flavour) const;

 private:
  Response grant(const Request& request, const std::string& tenant, TokenFlavour flavour) const;
  Principal find_principal(const std::string& client_id) const;
  ClientProof authenticate(const Principal& principal, const ClientCredentialRequest& asked,
                           const std::string& remote_address) const;
  void check_secret(const Principal& principal, const Secret& secret, const std::string& remote_address) const;
  void check_audience(const std::string& audience) const;

  IdentityOptions options_;
  const AccessTokens& tokens_;
  const Principals& principals_;
  AssertionVerifier assertions_;
  mutable AttemptBrake brake_;
};

/// Throws TokenError 90002 or 900023 unless `tenant` is this service's tenant or `adfs`.
void check_tenant(const std::string& tenant, const std::string& own_tenant);

}  // namespace batchai::server
