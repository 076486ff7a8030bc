#include "cli/local/local_profile.hpp"

#include "cli/config/identity.hpp"
#include "core/shell_quote.hpp"

namespace batchai::cli {
namespace {

std::string account_url(const LocalEndpoints& endpoints) {
  const std::string suffix = "/" + endpoints.storage_account;
  return endpoints.files.ends_with(suffix) ? endpoints.files : endpoints.files + suffix;
}

std::string connection_string(const LocalEndpoints& endpoints) {
  const std::string protocol = endpoints.files.starts_with("https") ? "https" : "http";
  return "DefaultEndpointsProtocol=" + protocol + ";AccountName=" + endpoints.storage_account +
         ";AccountKey=" + endpoints.storage_key + ";FileEndpoint=" + account_url(endpoints) + ";";
}

/// Whether a profile that is there is chosen; what cannot be read chooses none.
bool has_default(const ProfileStore& store) {
  try {
    const std::string chosen = store.default_name();
    return !chosen.empty() && store.exists(chosen);
  } catch (const std::exception&) {
    return false;
  }
}

void set_local_service(Profile& profile, const LocalEndpoints& endpoints) {
  set_identity(
      profile,
      {.tenant = endpoints.tenant, .client_id = endpoints.client_id, .client_secret = Secret(endpoints.client_secret)});
  profile.set("subscription", endpoints.subscription);
  profile.set("cloud", "AzureCloud");
  profile.set("authority", endpoints.management);
  profile.set("resource_manager", endpoints.management);
  profile.set("files_endpoint", endpoints.files);
  profile.set("ca_bundle", endpoints.ca_bundle);
  profile.values.set("storage", "account", endpoints.storage_account);
  profile.values.set("storage", "key", endpoints.storage_key);
  profile.values.set("batchai", "storage_account", endpoints.storage_account);
  profile.values.set("batchai", "storage_key", endpoints.storage_key);
}

}  // namespace

void save_local_profile(const ProfileStore& store, const LocalEndpoints& endpoints,
                        const ProfileStore::Notice& notice) {
  store.change(
      kLocalProfile, [&](Profile& profile) { set_local_service(profile, endpoints); }, notice);
  if (!has_default(store)) {
    store.set_default(kLocalProfile, notice);
  }
}

std::vector<std::pair<std::string, std::string>> client_environment(const LocalEndpoints& endpoints) {
  std::vector<std::pair<std::string, std::string>> variables{
      {"AZURE_TENANT_ID", endpoints.tenant},
      {"AZURE_CLIENT_ID", endpoints.client_id},
      {"AZURE_CLIENT_SECRET", endpoints.client_secret},
      {"AZURE_SUBSCRIPTION_ID", endpoints.subscription},
      {"AZURE_AUTHORITY_HOST", endpoints.management},
      {"BATCHAI_RESOURCE_MANAGER_ENDPOINT", endpoints.management},
      {"BATCHAI_FILES_ENDPOINT", endpoints.files},
      {"AZURE_STORAGE_ACCOUNT", endpoints.storage_account},
      {"AZURE_STORAGE_KEY", endpoints.storage_key},
      {"AZURE_STORAGE_CONNECTION_STRING", connection_string(endpoints)},
      {"AZURE_BATCHAI_STORAGE_ACCOUNT", endpoints.storage_account},
      {"AZURE_BATCHAI_STORAGE_KEY", endpoints.storage_key}};
  if (!endpoints.ca_bundle.empty()) {
    variables.emplace_back("BATCHAI_CA_BUNDLE", endpoints.ca_bundle);
    variables.emplace_back("REQUESTS_CA_BUNDLE", endpoints.ca_bundle);
    variables.emplace_back("NODE_EXTRA_CA_CERTS", endpoints.ca_bundle);
  }
  return variables;
}

std::string export_lines(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::string lines;
  for (const auto& [name, value] : variables) {
    lines += "export " + name + "=" + shell_quote(value) + "\n";
  }
  return lines;
}

}  // namespace batchai::cli
