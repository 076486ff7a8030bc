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

/// An identity provider whose tokens may sign in as a principal. The first three are as in Microsoft Graph's
/// federatedIdentityCredential and are compared by case.
struct FederatedCredential {
  std::string issuer;
  std::string subject;
  std::vector<std::string> audiences;
  std::vector<IssuerKey> keys;
};

/// The federated credentials in the `*.json` files of `folder`, with the members `issuer` (a URL), `subject`,
/// `audiences` (default: `api://AzureADTokenExchange`) and `jwks`, the issuer's key set (RFC 7517), which has to be in
/// the file because the service makes no requests. Keys that are not RSA keys are skipped.
std::vector<FederatedCredential> federated_credentials(const std::filesystem::path& folder, const WarningSink& warn);

}  // namespace batchai::server
