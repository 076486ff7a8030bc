#include "server/program/provisioning.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "batchai/models/names.hpp"
#include "core/private_file.hpp"
#include "core/random.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/arm/storage_accounts.hpp"
#include "signing/encoding.hpp"
#include "signing/random_bytes.hpp"

#include <chrono>
#include <stdexcept>

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

/// The content of an `endpoints.json` of an earlier start; empty without one.
nlohmann::json read_endpoints(const std::filesystem::path& file) {
  const auto text = read_private_file(file);
  nlohmann::json document = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
  return document.is_object() ? document : nlohmann::json::object();
}

std::optional<Document> find_settings(Store& store) {
  std::optional<Document> found;
  store.read([&found](Transaction& transaction) { found = transaction.get(kSettingsKey); });
  return found;
}

/// `former` is what is known of a service whose database is lost.
nlohmann::json decide(Principals& principals, const ServerOptions& options, const nlohmann::json& former) {
  const auto choose = [&former](const std::string& wanted, const char* name) {
    return wanted.empty() ? former.value(name, "") : wanted;
  };
  const std::string account = choose(options.account, "storageAccount");
  return {{"tenantId", or_new_guid(choose(options.tenant, "tenantId"))},
          {"subscriptionId", or_new_guid(choose(options.subscription, "subscriptionId"))},
          {"clientId", principals.create("batchai").app_id},
          {"storageAccount", account.empty() ? "batchai" + signing::hex_encode(signing::random_bytes(5)) : account}};
}

/// Stores the group, also where its removal had been requested before it could be locked.
void put_group(Transaction& transaction, const std::string& subscription) {
  ensure_group(transaction, subscription, kGroup, kLocation);
  Document group = transaction.get(to_lower(group_id(subscription, kGroup))).value();
  const nlohmann::json before = group.body;
  tag_group_of_locked_account(group);
  group.body["properties"]["provisioningState"] = "Succeeded";
  if (group.body != before) {
    group.hidden.erase("removal");
    transaction.put(std::move(group));
  }
}

std::optional<Document> find_account(Transaction& transaction, const std::string& name) {
  for (Document& document : transaction.list("storageAccount")) {
    if (document.body.at("name") == name) {
      return std::move(document);
    }
  }
  return std::nullopt;
}

/// The account of `settings`, locked, with its group. Whether it was missing.
bool put_account(Transaction& transaction, const nlohmann::json& settings, Timestamp now) {
  const std::string subscription = settings.at("subscriptionId");
  const std::string name = settings.at("storageAccount");
  const auto found = find_account(transaction, name);
  if (!found || found->parent == to_lower(group_id(subscription, kGroup))) {
    put_group(transaction, subscription);
  }
  Document account =
      found ? *found : make_storage_account(subscription, {.group = kGroup, .name = name, .location = kLocation}, now);
  lock_account(account);
  if (!found || account.hidden != found->hidden || account.body != found->body) {
    transaction.put(std::move(account));
  }
  return !found;
}

void renew_account(Store& store, const Clock& clock, const nlohmann::json& settings,
                   const std::function<void(const std::string&)>& report) {
  bool was_missing = false;
  store.write([&](Transaction& transaction) { was_missing = put_account(transaction, settings, clock.now()); });
  if (was_missing) {
    const std::string name = settings.at("storageAccount");
    report("The storage account " + name +
           " was missing. It has been made again, with new keys; what is left in files/" + name + " and blobs/" + name +
           " are its shares and containers.");
  }
}

bool is_account_name(const std::string& name) {
  try {
    check_storage_account_name(name);
    return true;
  } catch (const InvalidArgument&) {
    return false;
  }
}

/// Accounts for folders that a service whose database is lost has left in `data`.
void take_over_accounts(Transaction& transaction, const std::string& subscription, const std::filesystem::path& data,
                        Timestamp now) {
  for (const char* kind : {"files", "blobs"}) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(data / kind, ignored)) {
      const std::string name = entry.path().filename().string();
      if (is_account_name(name) && !find_account(transaction, name)) {
        transaction.put(
            make_storage_account(subscription, {.group = kGroup, .name = name, .location = kLocation}, now));
      }
    }
  }
}

/// Settings and accounts in one write: a start that is cut off leaves all or none.
nlohmann::json first_start(Store& store, Principals& principals, const Clock& clock, const ServerOptions& options,
                           const std::filesystem::path& endpoints_file) {
  nlohmann::json settings = decide(principals, options, read_endpoints(endpoints_file));
  store.write([&](Transaction& transaction) {
    put_account(transaction, settings, clock.now());
    take_over_accounts(transaction, settings.at("subscriptionId"), endpoints_file.parent_path(), clock.now());
    transaction.put({.key = kSettingsKey, .kind = "setting", .body = settings});
  });
  return settings;
}

Secret former_secret(const std::filesystem::path& endpoints_file, const std::string& client_id) {
  const nlohmann::json document = read_endpoints(endpoints_file);
  if (document.value("clientId", "") != client_id) {
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

Secret storage_key(Store& store, const std::string& account) {
  Secret key;
  store.read([&](Transaction& transaction) {
    key = Secret(find_account(transaction, account).value().hidden.at("key1").get<std::string>());
  });
  return key;
}

}  // namespace

nlohmann::json service_settings(Store& store) {
  const auto found = find_settings(store);
  if (!found) {
    throw std::runtime_error("no service has been started with this database");
  }
  return found->body;
}

Provisioned provision(Store& store, Principals& principals, const Clock& clock, const ServerOptions& options,
                      const std::filesystem::path& endpoints_file,
                      const std::function<void(const std::string&)>& report) {
  const auto found = find_settings(store);
  const nlohmann::json settings = found ? found->body : first_start(store, principals, clock, options, endpoints_file);
  Provisioned result;
  result.tenant_id = settings.at("tenantId");
  result.subscription_id = settings.at("subscriptionId");
  result.client_id = settings.at("clientId");
  result.storage_account = settings.at("storageAccount");
  check_unchanged("--tenant", options.tenant, result.tenant_id);
  check_unchanged("--subscription", options.subscription, result.subscription_id);
  check_unchanged("--account", options.account, result.storage_account);
  if (found) {
    renew_account(store, clock, settings, report);
  }
  result.client_secret = working_secret(principals, clock, result.client_id, endpoints_file);
  result.storage_key = storage_key(store, result.storage_account);
  return result;
}

}  // namespace batchai::server
