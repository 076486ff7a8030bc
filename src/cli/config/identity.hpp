#pragma once

#include "batchai/core/secret.hpp"
#include "cli/config/profile.hpp"
#include "cli/frame/environment.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace batchai::cli {

/// Ways to sign in.
enum class IdentityKind { AccessToken, ClientSecret, Certificate, FederatedToken, ManagedIdentity };

/// Who signs in. Which members count depends on the kind.
struct Identity {
  IdentityKind kind = IdentityKind::ClientSecret;
  Secret access_token = {};
  std::string tenant = {};
  /// Of a managed identity: of a user-assigned one, else empty.
  std::string client_id = {};
  Secret client_secret = {};
  /// Certificate with its key, or federated token. Only the path is kept, never the content.
  std::filesystem::path file = {};
  /// Of the certificate's key; empty for one that is not encrypted.
  Secret certificate_password = {};
};

/// BATCHAI_ACCESS_TOKEN, else AZURE_CLIENT_ID with AZURE_TENANT_ID and a secret, a certificate or a federated token, in
/// the order of the Azure SDKs; nothing if neither is set. Throws CommandError (exit 4) naming what is missing besides
/// AZURE_CLIENT_ID.
std::optional<Identity> identity_from(const Environment& environment);

/// What the profile holds; nothing if it holds no way to sign in. Throws UsageError for a kind that does not exist.
std::optional<Identity> identity_from(const Profile& profile);

/// Replaces what the profile holds.
void set_identity(Profile& profile, const Identity& identity);

}  // namespace batchai::cli
