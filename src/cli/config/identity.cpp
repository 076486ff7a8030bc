#include "cli/config/identity.hpp"

#include "cli/frame/errors.hpp"
#include "core/joined.hpp"

namespace batchai::cli {
namespace {

struct KindName {
  IdentityKind kind;
  const char* name;
};

/// As they are in profiles. Access tokens are never stored there.
constexpr KindName kKindNames[] = {{IdentityKind::ClientSecret, "secret"},
                                   {IdentityKind::Certificate, "certificate"},
                                   {IdentityKind::FederatedToken, "federated-token"},
                                   {IdentityKind::ManagedIdentity, "managed-identity"}};

[[noreturn]] void refuse_half_identity(const std::string& missing) {
  throw CommandError(kSignIn, "AZURE_CLIENT_ID is set but " + missing,
                     "set it as well, or name a profile with --profile");
}

/// Profiles from before there were kinds hold secrets.
IdentityKind kind_of(const Profile& profile) {
  const std::string written = profile.get("kind");
  for (const KindName& each : kKindNames) {
    if (written == each.name) {
      return each.kind;
    }
  }
  if (!written.empty()) {
    throw UsageError("profile '" + profile.name + "': kind '" + written + "' is not one of " +
                     joined(kKindNames, ", ", &KindName::name));
  }
  return IdentityKind::ClientSecret;
}

std::string name_of(IdentityKind kind) {
  for (const KindName& each : kKindNames) {
    if (each.kind == kind) {
      return each.name;
    }
  }
  return {};
}

}  // namespace

std::optional<Identity> identity_from(const Environment& environment) {
  if (const auto token = environment.find("BATCHAI_ACCESS_TOKEN")) {
    return Identity{.kind = IdentityKind::AccessToken, .access_token = Secret(*token)};
  }
  const auto client = environment.find("AZURE_CLIENT_ID");
  if (!client) {
    return std::nullopt;
  }
  Identity identity{.tenant = environment.get("AZURE_TENANT_ID"), .client_id = *client};
  if (identity.tenant.empty()) {
    refuse_half_identity("AZURE_TENANT_ID is not");
  }
  if (const auto secret = environment.find("AZURE_CLIENT_SECRET")) {
    identity.client_secret = Secret(*secret);
  } else if (const auto certificate = environment.find("AZURE_CLIENT_CERTIFICATE_PATH")) {
    identity.kind = IdentityKind::Certificate;
    identity.file = *certificate;
    identity.certificate_password = Secret(environment.get("AZURE_CLIENT_CERTIFICATE_PASSWORD"));
  } else if (const auto token = environment.find("AZURE_FEDERATED_TOKEN_FILE")) {
    identity.kind = IdentityKind::FederatedToken;
    identity.file = *token;
  } else {
    refuse_half_identity("none of AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE is");
  }
  return identity;
}

std::optional<Identity> identity_from(const Profile& profile) {
  Identity identity{.kind = kind_of(profile), .tenant = profile.get("tenant"), .client_id = profile.get("client_id")};
  if (identity.client_id.empty() && identity.kind != IdentityKind::ManagedIdentity) {
    return std::nullopt;
  }
  switch (identity.kind) {
    case IdentityKind::ClientSecret:
      identity.client_secret = Secret(profile.get("client_secret"));
      break;
    case IdentityKind::Certificate:
      identity.file = profile.get("certificate");
      identity.certificate_password = Secret(profile.get("certificate_password"));
      break;
    case IdentityKind::FederatedToken:
      identity.file = profile.get("federated_token_file");
      break;
    case IdentityKind::AccessToken:
    case IdentityKind::ManagedIdentity:
      break;
  }
  return identity;
}

void set_identity(Profile& profile, const Identity& identity) {
  const auto file_of = [&](IdentityKind kind) { return identity.kind == kind ? identity.file.string() : ""; };
  profile.set("kind", name_of(identity.kind));
  profile.set("tenant", identity.tenant);
  profile.set("client_id", identity.client_id);
  profile.set("client_secret", identity.client_secret.reveal());
  profile.set("certificate", file_of(IdentityKind::Certificate));
  profile.set("certificate_password", identity.certificate_password.reveal());
  profile.set("federated_token_file", file_of(IdentityKind::FederatedToken));
}

}  // namespace batchai::cli
