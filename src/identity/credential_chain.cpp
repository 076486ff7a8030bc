#include "batchai/core/error.hpp"
#include "batchai/identity/credentials.hpp"
#include "identity/environment.hpp"

#include <mutex>
#include <optional>

namespace batchai {
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

/// Off Azure nobody answers at the metadata address: one try, so that this is found out soon.
Step managed_step(CredentialOptions options) {
  options.client.retry.max_retries = 0;
  return {"managed identity",
          std::make_shared<ManagedIdentityCredential>(environment_variable("AZURE_CLIENT_ID"), options)};
}

}  // namespace

struct CredentialChain::State {
  std::mutex mutex;
  std::optional<std::size_t> chosen;
};

CredentialChain::CredentialChain(std::vector<Step> steps)
    : steps_(std::move(steps)), state_(std::make_unique<State>()) {}

CredentialChain::~CredentialChain() = default;

AccessToken CredentialChain::get_token(const TokenRequest& request, const CallContext& context) {
  const std::scoped_lock lock(state_->mutex);
  if (state_->chosen) {
    return steps_[*state_->chosen].credential->get_token(request, context);
  }
  std::string reasons;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    std::string reason = steps_[i].lacking;
    if (steps_[i].credential != nullptr) {
      try {
        AccessToken token = steps_[i].credential->get_token(request, context);
        state_->chosen = i;
        return token;
      } catch (const AuthenticationError& error) {
        reason = error.what();
      } catch (const TransportError& error) {
        reason = error.what();
      }
    }
    reasons += "\n  " + steps_[i].name + ": " + reason;
  }
  throw AuthenticationError("no credential gave a token:" + reasons);
}

std::shared_ptr<TokenCredential> make_default_credential(CredentialOptions options) {
  const std::string authority = environment_variable("AZURE_AUTHORITY_HOST");
  if (!authority.empty()) {
    options.authority = authority;
  }
  return std::make_shared<CredentialChain>(
      std::vector<Step>{environment_step(options), workload_step(options), managed_step(options)});
}

}  // namespace batchai
