#pragma once

#include "server/identity/registration_files.hpp"
#include "signing/rsa.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace batchai::server {

/// A public key of another identity provider.
struct IssuerKey {
  /// `kid`.
  std::string id;
  /// `alg`, if the provider ties the key to one: RS256 or PS256.
  std::string algorithm;
  signing::RsaPublicKey key;
};

/// Whose tokens stand for a principal. The first three are as in Microsoft Graph's federatedIdentityCredential and are
/// compared by case.
struct FederatedCredential {
  std::string issuer;
  std::string subject;
  std::vector<std::string> audiences;
  std::vector<IssuerKey> keys;
};

/// The federated credentials that stand as `*.json` in `folder`, with the members `issuer` (a URL), `subject`,
/// `audiences` (default: `api://AzureADTokenExchange`) and `jwks`, the issuer's key set (RFC 7517), which stands there
/// because the service does not call out. Keys that sign no RSA are passed over.
std::vector<FederatedCredential> federated_credentials(const std::filesystem::path& folder, const WarningSink& warn);

}  // namespace batchai::server
