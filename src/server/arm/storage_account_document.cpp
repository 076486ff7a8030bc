#include "server/arm/storage_account_document.hpp"

#include "batchai/core/http.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/arm/storage_accounts.hpp"
#include "server/faults/fault.hpp"
#include "signing/encoding.hpp"
#include "signing/random_bytes.hpp"

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr std::size_t kKeyBytes = 64;

nlohmann::json sku_document(const std::string& name) {
  return {{"name", name}, {"tier", name.substr(0, name.find('_'))}};
}

/// Member of what is hidden.
constexpr const char* kLock = "locked";

void set_tag(Document& document) {
  document.body["tags"]["batchai-server"] = "the storage account that the service came with; locked";
}

std::string new_key() { return signing::base64_encode(signing::random_bytes(kKeyBytes)); }

}  // namespace

std::string storage_account_id(const std::string& subscription, const std::string& group, const std::string& name) {
  return group_id(subscription, group) + "/providers/Microsoft.Storage/storageAccounts/" + name;
}

Document make_storage_account(const std::string& subscription, const NewStorageAccount& account, Timestamp now) {
  const std::string id = storage_account_id(subscription, account.group, account.name);
  const std::string time = format_iso8601_ticks(now);
  return {.key = to_lower(id),
          .kind = "storageAccount",
          .parent = to_lower(group_id(subscription, account.group)),
          .body = {{"sku", sku_document(account.sku)},
                   {"kind", account.kind},
                   {"id", id},
                   {"name", account.name},
                   {"type", "Microsoft.Storage/storageAccounts"},
                   {"location", account.location},
                   {"tags", nlohmann::json::object()},
                   {"properties",
                    {{"keyCreationTime", {{"key1", time}, {"key2", time}}},
                     {"privateEndpointConnections", nlohmann::json::array()},
                     {"networkAcls",
                      {{"bypass", "AzureServices"},
                       {"virtualNetworkRules", nlohmann::json::array()},
                       {"ipRules", nlohmann::json::array()},
                       {"defaultAction", "Allow"}}},
                     {"supportsHttpsTrafficOnly", false},
                     // Shares are plain folders. az cannot change an account that does not show this.
                     {"encryption",
                      {{"services", {{"file", {{"keyType", "Account"}, {"enabled", false}}}}},
                       {"keySource", "Microsoft.Storage"}}},
                     {"provisioningState", "Succeeded"},
                     {"creationTime", time},
                     {"primaryLocation", account.location},
                     {"statusOfPrimary", "available"}}}},
          .hidden = {{"key1", new_key()}, {"key2", new_key()}}};
}

Document require_account(Transaction& transaction, const std::string& subscription, const std::string& group,
                         const std::string& name) {
  auto account = transaction.get(to_lower(storage_account_id(subscription, group, name)));
  if (!account) {
    throw ServiceFault(404, "ResourceNotFound",
                       "The Resource 'Microsoft.Storage/storageAccounts/" + name + "' under resource group '" + group +
                           "' was not found.");
  }
  return std::move(*account);
}

void lock_account(Document& account) {
  account.hidden[kLock] = true;
  set_tag(account);
}

void tag_group_of_locked_account(Document& group) { set_tag(group); }

void refuse_locked(const Document& account, const std::string& scope) {
  if (!account.hidden.contains(kLock)) {
    return;
  }
  throw ServiceFault(
      409, "ScopeLocked",
      "The scope '" + scope + "' cannot perform delete operation because following scope(s) are locked: '" +
          account.body.at("id").get<std::string>() +
          "'. It is the storage account that this service came with, and all its shares would go: delete "
          "single shares with 'batchai files share delete', or everything, this service's other data "
          "included, with 'batchai local reset'.");
}

nlohmann::json shown_account(const Document& account, const std::string& files_url) {
  nlohmann::json body = account.body;
  body["properties"]["primaryEndpoints"] = {{"file", files_url + "/" + body.at("name").get<std::string>() + "/"}};
  return body;
}

nlohmann::json shown_keys(const Document& account) {
  nlohmann::json keys = nlohmann::json::array();
  for (const char* name : {"key1", "key2"}) {
    keys.push_back({{"keyName", name},
                    {"value", account.hidden.at(name)},
                    {"permissions", "FULL"},
                    {"creationTime", account.body.at("properties").at("keyCreationTime").at(name)}});
  }
  return {{"keys", std::move(keys)}};
}

void set_sku(Document& account, const std::string& name) { account.body["sku"] = sku_document(name); }

void renew_key(Document& account, const std::string& name, Timestamp now) {
  account.hidden[name] = new_key();
  account.body["properties"]["keyCreationTime"][name] = format_iso8601_ticks(now);
}

}  // namespace batchai::server
