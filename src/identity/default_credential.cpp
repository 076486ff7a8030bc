#include "batchai/identity/credentials.hpp"
#include "core/environment.hpp"
#include "identity/probed_identity.hpp"

namespace batchai::inline v1 {
namespace {

using Step = CredentialChain::Step;

/// The names of those variables that are not set, as `A, B`.
std::string missing_of(std::initializer_list<const char*> names) {
  std::string missing;
  for (const char* name : names) {
    if (environment_variable(name).empty()) {
      missing += (missing.empty() ? "" : ", ") + std::string(name);
    }
  }
  return missing;
}

Step environment_step(const CredentialOptions& options) {
  Step step{"environment", nullptr};
  const std::string tenant = environment_variable("AZURE_TENANT_ID");
  const std::string client_id = environment_variable("AZURE_CLIENT_ID");
  const std::string secret = environment_variable("AZURE_CLIENT_SECRET");
  const std::string certificate = environment_variable("AZURE_CLIENT_CERTIFICATE_PATH");
  step.lacking = missing_of({"AZURE_TENANT_ID", "AZURE_CLIENT_ID"});
  if (secret.empty() && certificate.empty()) {
    step.lacking +=
        (step.lacking.empty() ? "" : ", ") + std::string("AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH");
  }
  if (!step.lacking.empty()) {
    step.lacking += " not set";
  } else if (!secret.empty()) {
    step.credential = std::make_shared<ClientSecretCredential>(tenant, client_id, Secret(secret), options);
  } else {
    const CertificateOptions how{.password = Secret(environment_variable("AZURE_CLIENT_CERTIFICATE_PASSWORD"))};
    step.credential = std::make_shared<ClientCertificateCredential>(tenant, client_id, certificate, how, options);
  }
  return step;
}

Step workload_step(const CredentialOptions& options) {
  Step step{"workload identity", nullptr};
  step.lacking = missing_of({"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"});
  if (step.lacking.empty()) {
    step.credential = std::make_shared<FederatedTokenCredential>(
        environment_variable("AZURE_TENANT_ID"), environment_variable("AZURE_CLIENT_ID"),
        environment_variable("AZURE_FEDERATED_TOKEN_FILE"), options);
  } else {
    step.lacking += " not set";
  }
  return step;
}

Step managed_step(const CredentialOptions& options) {
  return {"managed identity",
          make_probed_identity(environment_variable("AZURE_CLIENT_ID"), options, managed_identity_from_environment())};
}

}  // namespace

std::shared_ptr<TokenCredential> make_default_credential(CredentialOptions options) {
  const std::string authority = environment_variable("AZURE_AUTHORITY_HOST");
  if (!authority.empty()) {
    options.authority = authority;
  }
  return std::make_shared<CredentialChain>(
      std::vector<Step>{environment_step(options), workload_step(options), managed_step(options)});
}

}  // namespace batchai::inline v1
