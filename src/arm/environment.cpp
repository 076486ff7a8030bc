#include "arm/environment.hpp"

#include "batchai/core/cloud.hpp"
#include "batchai/core/url.hpp"
#include "batchai/identity/credentials.hpp"
#include "core/environment.hpp"

namespace batchai::inline v1 {
namespace {

constexpr const char* kEndpoint = "BATCHAI_RESOURCE_MANAGER_ENDPOINT";

const Cloud& cloud_of_environment() {
  const std::string name = environment_variable("BATCHAI_CLOUD");
  return find_cloud(name.empty() ? "AzureCloud" : name);
}

/// Whether a place is named that hands out tokens of a managed identity.
bool names_managed_identity() {
  const auto is_set = [](const char* name) { return !environment_variable(name).empty(); };
  return is_set("IDENTITY_ENDPOINT") || is_set("MSI_ENDPOINT") || is_set("AZURE_POD_IDENTITY_AUTHORITY_HOST");
}

/// Throws InvalidArgument where a part of a service principal is set and another one is not. A machine of Azure has an
/// identity of its own and needs none; a service elsewhere does not know that identity, unless it hands it out itself.
void require_whole_principal() {
  const bool proven = !environment_variable("AZURE_CLIENT_SECRET").empty() ||
                      !environment_variable("AZURE_CLIENT_CERTIFICATE_PATH").empty() ||
                      !environment_variable("AZURE_FEDERATED_TOKEN_FILE").empty();
  const bool elsewhere = !environment_variable(kEndpoint).empty() && !names_managed_identity();
  if (proven || elsewhere) {
    required_variable("AZURE_TENANT_ID");
    required_variable("AZURE_CLIENT_ID");
  }
  if (!proven && elsewhere) {
    required_variable("AZURE_CLIENT_SECRET");
  }
}

}  // namespace

ManagementOptions ManagementOptions::from_environment(ClientOptions client) {
  const Cloud& cloud = cloud_of_environment();
  const std::string endpoint = environment_variable(kEndpoint);
  return {.endpoint = endpoint.empty() ? cloud.resource_manager : endpoint,
          .audience = cloud.audience,
          .client = std::move(client)};
}

EnvironmentIdentity identity_from_environment(const ManagementOptions& options) {
  std::string subscription = required_variable("AZURE_SUBSCRIPTION_ID");
  require_whole_principal();
  // A service on this machine signs in at its own address; Azure AD would know nobody there.
  const bool local = Url::parse(options.endpoint).is_loopback();
  const CredentialOptions how{.authority = local ? options.endpoint : cloud_of_environment().authority,
                              .client = options.client};
  return {make_default_credential(how), std::move(subscription)};
}

}  // namespace batchai::inline v1
