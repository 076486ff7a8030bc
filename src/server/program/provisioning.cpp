#include "server/program/provisioning.hpp"

#include "batchai/core/http.hpp"
#include "core/private_file.hpp"
#include "core/random.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/arm/storage_accounts.hpp"
#include "signing/encoding.hpp"
#include "signing/random.hpp"

#include <chrono>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr const char* kSettingsKey = "setting/service";
constexpr const char* kGroup = "batchaiautostorage";
constexpr const char* kLocation = "eastus";
constexpr std::size_t kSecretBytes = 30;
constexpr std::chrono::days kSecretLife{3650};

void check_unchanged(const char* option, const std::string& wanted, const std::string& decided) {
  if (!wanted.empty() && !iequals(wanted, decided)) {
    throw UsageError(std::string(option) + " " + wanted + " differs from " + decided +
                     ", which this data folder was set up with: leave the option out, or take another --data-dir");
  }
}

std::string or_new_guid(const std::string& wanted) { return wanted.empty() ? random_guid() : to_lower(wanted); }

std::optional<Document> find_settings(Store& store) {
  std::optional<Document> found;
  store.read([&found](Transaction& transaction) { found = transaction.get(kSettingsKey); });
  return found;
}

nlohmann::json decide(Principals& principals, const ServerOptions& options) {
  return {{"tenantId", or_new_guid(options.tenant)},
          {"subscriptionId", or_new_guid(options.subscription)},
          {"clientId", principals.create("batchai").app_id},
          {"storageAccount",
           options.account.empty() ? "batchai" + signing::hex_encode(signing::random_bytes(5)) : options.account}};
}

/// Settings and account in one write: a start that is cut off leaves both or neither.
nlohmann::json first_start(Store& store, Principals& principals, const Clock& clock, const ServerOptions& options) {
  nlohmann::json settings = decide(principals, options);
  const std::string subscription = settings.at("subscriptionId");
  store.write([&](Transaction& transaction) {
    ensure_group(transaction, subscription, kGroup, kLocation);
    transaction.put(make_storage_account(
        subscription, {.group = kGroup, .name = settings.at("storageAccount"), .location = kLocation}, clock.now()));
    transaction.put({.key = kSettingsKey, .kind = "setting", .body = settings});
  });
  return settings;
}

Secret former_secret(const std::filesystem::path& endpoints_file, const std::string& client_id) {
  const auto text = read_private_file(endpoints_file);
  const auto document = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
  if (!document.is_object() || document.value("clientId", "") != client_id) {
    return {};
  }
  return Secret(document.value("clientSecret", ""));
}

Secret working_secret(Principals& principals, const Clock& clock, const std::string& client_id,
                      const std::filesystem::path& endpoints_file) {
  Secret secret = former_secret(endpoints_file, client_id);
  if (principals.check_secret(client_id, secret, clock.now()) != SecretCheck::Right) {
    secret = Secret(signing::random_password(kSecretBytes));
    principals.add_secret(client_id, secret, clock.now() + kSecretLife);
  }
  return secret;
}

/// Empty once the user has deleted the account.
Secret storage_key(Store& store, const std::string& account) {
  Secret key;
  store.read([&](Transaction& transaction) {
    for (const Document& document : transaction.list("storageAccount")) {
      if (document.body.at("name") == account) {
        key = Secret(document.hidden.at("key1").get<std::string>());
      }
    }
  });
  return key;
}

}  // namespace

Provisioned provision(Store& store, Principals& principals, const Clock& clock, const ServerOptions& options,
                      const std::filesystem::path& endpoints_file) {
  const auto found = find_settings(store);
  nlohmann::json settings = found ? found->body : first_start(store, principals, clock, options);
  Provisioned result;
  result.tenant_id = settings.at("tenantId");
  result.subscription_id = settings.at("subscriptionId");
  result.client_id = settings.at("clientId");
  result.storage_account = settings.at("storageAccount");
  check_unchanged("--tenant", options.tenant, result.tenant_id);
  check_unchanged("--subscription", options.subscription, result.subscription_id);
  check_unchanged("--account", options.account, result.storage_account);
  result.client_secret = working_secret(principals, clock, result.client_id, endpoints_file);
  result.storage_key = storage_key(store, result.storage_account);
  return result;
}

}  // namespace batchai::server
