#include "cli/config/settings.hpp"

#include "batchai/core/cloud.hpp"
#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "batchai/core/url.hpp"
#include "cli/frame/errors.hpp"

namespace batchai::cli {
namespace {

/// Whether it is the local service, which signs in at the same address; Azure AD would know nobody there.
bool is_on_this_machine(const std::string& url) {
  try {
    return !url.empty() && Url::parse(url).is_loopback();
  } catch (const InvalidArgument&) {
    return false;  // its user reports that
  }
}

}  // namespace

Settings::Settings(Environment environment, std::optional<std::string> named_profile)
    : environment_(std::move(environment)), named_profile_(std::move(named_profile)) {}

const ConfigPaths& Settings::paths() {
  if (!paths_) {
    paths_ = find_config_paths(environment_);
  }
  return *paths_;
}

const ConfigPaths* Settings::find_paths() { return paths_ || has_config_paths(environment_) ? &paths() : nullptr; }

ProfileStore Settings::store() { return ProfileStore(paths().config); }

const Profile* Settings::profile() {
  if (!profile_read_ && (named_profile_ || find_paths() != nullptr)) {
    try {
      profile_ = read_profile();
    } catch (const std::exception&) {
      if (!passes_over_broken_ || (named_profile_ && !store().exists(*named_profile_))) {
        throw;
      }
    }
    profile_read_ = true;
  }
  return profile_ ? &*profile_ : nullptr;
}

std::optional<Profile> Settings::read_profile() {
  const ProfileStore profiles = store();
  const std::string name = named_profile_ ? *named_profile_ : profiles.default_name();
  auto found = name.empty() ? std::nullopt : profiles.load(name);
  if (!found && named_profile_) {
    throw UsageError("there is no profile '" + name + "'", "see 'batchai account list'");
  }
  return found;
}

void Settings::forget_profile() {
  named_profile_.reset();
  profile_.reset();
  profile_read_ = true;
}

void Settings::use_profile(Profile profile) {
  profile_ = std::move(profile);
  profile_read_ = true;
}

std::string Settings::value(const std::string& variable, std::string_view section, std::string_view key) {
  if (const auto from_environment = environment_.find(variable); from_environment && !named_profile_) {
    return *from_environment;
  }
  const Profile* chosen = profile();
  std::string stored = chosen == nullptr ? "" : chosen->values.get(section, key);
  return stored.empty() ? environment_.get(variable) : stored;
}

std::string defaults_variable(std::string_view setting) {
  std::string variable = "BATCHAI_DEFAULTS_";
  for (const char c : setting) {
    variable += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return variable;
}

std::optional<std::string> Settings::default_of(std::string_view setting) {
  if (auto from_environment = environment_.find(defaults_variable(setting))) {
    return from_environment;
  }
  const Profile* chosen = profile();
  return chosen == nullptr ? std::nullopt : chosen->values.find("defaults", setting);
}

Endpoints Settings::endpoints() {
  const std::string name = value("BATCHAI_CLOUD", "profile", "cloud");
  const Cloud& cloud = find_cloud(name.empty() ? "AzureCloud" : name);
  Endpoints endpoints{.cloud = cloud.name,
                      .authority = value("AZURE_AUTHORITY_HOST", "profile", "authority"),
                      .resource_manager = value("BATCHAI_RESOURCE_MANAGER_ENDPOINT", "profile", "resource_manager"),
                      .audience = cloud.audience,
                      .files = value("BATCHAI_FILES_ENDPOINT", "profile", "files_endpoint"),
                      .storage_suffix = cloud.storage_suffix,
                      .ca_bundle = value("BATCHAI_CA_BUNDLE", "profile", "ca_bundle")};
  for (const char* variable : {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {  // those of az, weaker than ours
    if (endpoints.ca_bundle.empty()) {
      endpoints.ca_bundle = environment_.get(variable);
    }
  }
  if (endpoints.authority.empty()) {
    endpoints.authority = is_on_this_machine(endpoints.resource_manager) ? endpoints.resource_manager : cloud.authority;
  }
  if (endpoints.resource_manager.empty()) {
    endpoints.resource_manager = cloud.resource_manager;
  }
  return endpoints;
}

Identity Settings::identity() {
  const Profile* chosen = profile();
  const auto stored = chosen == nullptr ? std::nullopt : identity_from(*chosen);
  if (named_profile_ && stored) {
    return *stored;
  }
  if (const auto from_environment = identity_from(environment_)) {
    return *from_environment;
  }
  if (!stored) {
    throw CommandError(kSignIn,
                       "not signed in: no profile and no AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_CLIENT_SECRET",
                       "start a service on this machine with 'batchai local start', or sign in to one with "
                       "'batchai login' or those variables");
  }
  return *stored;
}

std::string Settings::subscription(const std::optional<std::string>& option) {
  std::string id = option ? *option : value("AZURE_SUBSCRIPTION_ID", "profile", "subscription");
  if (id.empty()) {
    identity();  // not being signed in at all is reported first
    throw CommandError(
        kSignIn, "no subscription is chosen",
        "name one with --subscription, AZURE_SUBSCRIPTION_ID or 'batchai account set --subscription ID'");
  }
  return id;
}

StorageSettings Settings::storage() {
  if (const auto text = environment_.find("AZURE_STORAGE_CONNECTION_STRING"); text && !named_profile_) {
    return {.account = environment_.get("AZURE_STORAGE_ACCOUNT"),
            .key = Secret(environment_.get("AZURE_STORAGE_KEY")),
            .sas_token = Secret(environment_.get("AZURE_STORAGE_SAS_TOKEN")),
            .connection_string = Secret(*text)};
  }
  const Profile* chosen = profile();
  const std::string stored_account = chosen == nullptr ? "" : chosen->values.get("storage", "account");
  StorageSettings storage{.account = value("AZURE_STORAGE_ACCOUNT", "storage", "account")};
  // A key belongs to its account: the profile's does not open another one.
  const bool stored_fits = !stored_account.empty() && iequals(stored_account, storage.account);
  storage.key = Secret(environment_.get("AZURE_STORAGE_KEY"));
  storage.sas_token = Secret(environment_.get("AZURE_STORAGE_SAS_TOKEN"));
  if (stored_fits && (named_profile_ || (storage.key.empty() && storage.sas_token.empty()))) {
    storage.key = Secret(chosen->values.get("storage", "key"));
    storage.sas_token = Secret();
  }
  return storage;
}

StorageSettings Settings::batchai_storage() {
  return {.account = value("AZURE_BATCHAI_STORAGE_ACCOUNT", "batchai", "storage_account"),
          .key = Secret(value("AZURE_BATCHAI_STORAGE_KEY", "batchai", "storage_key"))};
}

}  // namespace batchai::cli
