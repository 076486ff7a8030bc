#include "cli/app/credential.hpp"

namespace batchai::cli {

std::shared_ptr<TokenCredential> make_credential(const Identity& identity, const CredentialOptions& options,
                                                 const Environment& environment) {
  switch (identity.kind) {
    case IdentityKind::AccessToken:
      return std::make_shared<StaticTokenCredential>(identity.access_token);
    case IdentityKind::Certificate:
      return std::make_shared<ClientCertificateCredential>(
          identity.tenant, identity.client_id, identity.file,
          CertificateOptions{.password = identity.certificate_password}, options);
    case IdentityKind::FederatedToken:
      return std::make_shared<FederatedTokenCredential>(identity.tenant, identity.client_id, identity.file, options);
    case IdentityKind::ManagedIdentity:
      return std::make_shared<ManagedIdentityCredential>(
          identity.client_id, options,
          managed_identity_from([&](const std::string& name) { return environment.get(name); }));
    case IdentityKind::ClientSecret:
      break;
  }
  return std::make_shared<ClientSecretCredential>(identity.tenant, identity.client_id, identity.client_secret, options);
}

}  // namespace batchai::cli
