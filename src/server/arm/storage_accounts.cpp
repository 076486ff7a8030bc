#include "server/arm/storage_accounts.hpp"

#include "batchai/core/http.hpp"
#include "server/arm/arm_answer.hpp"
#include "server/arm/storage_account_document.hpp"
#include "server/resources/locations.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

constexpr const char* kKind = "storageAccount";
constexpr const char* kAccountType = "Microsoft.Storage/storageAccounts";
constexpr const char* kNameRule =
    "Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.";

bool is_name(const std::string& name) {
  return name.size() >= 3 && name.size() <= 24 &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

std::optional<Document> find_by_name(Transaction& transaction, const std::string& name) {
  for (Document& account : transaction.list(kKind)) {
    if (account.body.at("name") == name) {
      return std::move(account);
    }
  }
  return std::nullopt;
}

nlohmann::json availability(Transaction& transaction, const std::string& name) {
  if (!is_name(name)) {
    return {
        {"nameAvailable", false}, {"reason", "AccountNameInvalid"}, {"message", name + " is not valid. " + kNameRule}};
  }
  if (find_by_name(transaction, name)) {
    return {{"nameAvailable", false},
            {"reason", "AlreadyExists"},
            {"message", "The storage account named " + name + " is already taken."}};
  }
  return {{"nameAvailable", true}};
}

std::string required_text(const nlohmann::json& body, const std::string& name) {
  std::string value = read_text(body, name);
  if (value.empty()) {
    throw ServiceFault(400, "InvalidRequestContent", "The member '" + name + "' is required.", name);
  }
  return value;
}

NewStorageAccount read_new_account(const nlohmann::json& body, const PathParameters& path) {
  if (!is_name(path["account"])) {
    throw ServiceFault(400, "AccountNameInvalid",
                       path["account"] + " is not a valid storage account name. " + kNameRule);
  }
  const auto sku = body.find("sku");
  if (sku == body.end() || !sku->is_object()) {
    throw ServiceFault(400, "InvalidRequestContent", "The member 'sku' is required.", "sku");
  }
  return {.group = path["group"],
          .name = path["account"],
          .location = require_location(read_text(body, "location"), kAccountType),
          .sku = required_text(*sku, "name"),
          .kind = required_text(body, "kind")};
}

/// Clients send back what they were shown; any other value would promise something that the service does not do.
void refuse_other_properties(const nlohmann::json& wanted, const nlohmann::json& shown) {
  for (const auto& [name, value] : wanted.items()) {
    if (!value.is_null() && (!shown.contains(name) || shown.at(name) != value)) {
      throw ServiceFault(400, "PropertyChangeNotAllowed",
                         "The property '" + name + "' of a storage account cannot be changed on this service.", name);
    }
  }
}

void change_account(Document& account, const nlohmann::json& wanted) {
  const nlohmann::json changed = wanted.value("properties", nlohmann::json::object());
  if (changed.is_object()) {
    refuse_other_properties(changed, account.body.at("properties"));
  }
  if (wanted.contains("tags")) {
    account.body["tags"] = read_tags(wanted);
  }
  if (const auto sku = wanted.find("sku"); sku != wanted.end() && sku->is_object()) {
    set_sku(account, required_text(*sku, "name"));
  }
}

/// Handlers of Microsoft.Storage/storageAccounts.
class StorageAccounts {
 public:
  explicit StorageAccounts(const ArmOptions& options) : options_(options) {}

  Response list(const Request&, const PathParameters&) const { return list_of({}); }

  Response list_by_group(const Request&, const PathParameters& path) const {
    return list_of(to_lower("/subscriptions/" + options_.subscription_id + "/resourcegroups/" + path["group"]));
  }

  Response get(const Request&, const PathParameters& path) const {
    return read([&](Transaction& transaction) { return show(require(transaction, path)); });
  }

  Response put(const Request& request, const PathParameters& path) const {
    const nlohmann::json body = read_json_object(request);
    const NewStorageAccount wanted = read_new_account(body, path);
    const nlohmann::json tags = read_tags(body);
    return write([&](Transaction& transaction) {
      auto account = transaction.get(key_of(path));
      if (!account) {
        refuse_taken_name(transaction, wanted.name);
        account = make_storage_account(options_.subscription_id, wanted, options_.clock->now());
      } else if (account->body.at("location") != wanted.location) {
        throw ServiceFault(409, "InvalidResourceLocation",
                           "The storage account '" + wanted.name + "' already exists in location '" +
                               account->body.at("location").get<std::string>() + "'.");
      }
      account->body["tags"] = tags;
      return show(transaction.put(std::move(*account)));
    });
  }

  Response patch(const Request& request, const PathParameters& path) const {
    const nlohmann::json wanted = read_json_object(request);
    return write([&](Transaction& transaction) {
      Document account = require(transaction, path);
      change_account(account, wanted);
      return show(transaction.put(std::move(account)));
    });
  }

  /// The data goes before the record, so that after a crash in between a second try completes it.
  Response remove(const Request&, const PathParameters& path) const {
    std::optional<Document> account;
    options_.store.read([&](Transaction& transaction) { account = transaction.get(key_of(path)); });
    if (!account) {
      return {.status = 204};
    }
    refuse_locked(*account, account->body.at("id"));
    options_.remove_account_data(account->body.at("name"));
    options_.store.write([&](Transaction& transaction) { transaction.erase(account->key); });
    return {.status = 200};
  }

  Response list_keys(const Request&, const PathParameters& path) const {
    return read([&](Transaction& transaction) { return arm_answer(200, shown_keys(require(transaction, path))); });
  }

  Response regenerate_key(const Request& request, const PathParameters& path) const {
    const std::string name = read_text(read_json_object(request), "keyName");
    if (name != "key1" && name != "key2") {
      throw ServiceFault(400, "InvalidKeyName", "The member 'keyName' must be 'key1' or 'key2'.", "keyName");
    }
    Document account;
    options_.store.write([&](Transaction& transaction) {
      account = require(transaction, path);
      renew_key(account, name, options_.clock->now());
      account = transaction.put(std::move(account));
    });
    options_.key_renewed(account.body.at("name"), name, Secret(account.hidden.at(name).get<std::string>()));
    return arm_answer(200, shown_keys(account));
  }

  Response check_name(const Request& request, const PathParameters&) const {
    const std::string name = required_text(read_json_object(request), "name");
    return read([&](Transaction& transaction) { return arm_answer(200, availability(transaction, name)); });
  }

 private:
  using Work = std::function<Response(Transaction&)>;

  Response read(const Work& work) const {
    Response response;
    options_.store.read([&](Transaction& transaction) { response = work(transaction); });
    return response;
  }

  Response write(const Work& work) const {
    Response response;
    options_.store.write([&](Transaction& transaction) { response = work(transaction); });
    return response;
  }

  Response list_of(const std::optional<std::string>& group) const {
    return read([&](Transaction& transaction) {
      std::vector<nlohmann::json> accounts;
      const auto parent = group ? std::optional<std::string_view>(*group) : std::nullopt;
      for (const Document& account : transaction.list(kKind, parent)) {
        accounts.push_back(shown_account(account, options_.files_url));
      }
      return list_answer(std::move(accounts));
    });
  }

  Response show(const Document& account) const { return arm_answer(200, shown_account(account, options_.files_url)); }

  std::string key_of(const PathParameters& path) const {
    return to_lower(storage_account_id(options_.subscription_id, path["group"], path["account"]));
  }

  Document require(Transaction& transaction, const PathParameters& path) const {
    return require_account(transaction, options_.subscription_id, path["group"], path["account"]);
  }

  static void refuse_taken_name(Transaction& transaction, const std::string& name) {
    if (find_by_name(transaction, name)) {
      throw ServiceFault(409, "StorageAccountAlreadyTaken", "The storage account named " + name + " is already taken.");
    }
  }

  ArmOptions options_;
};

}  // namespace

std::vector<Route> storage_account_routes(const ArmOptions& options) {
  const auto accounts = std::make_shared<const StorageAccounts>(options);
  const auto to = [&accounts](Response (StorageAccounts::*method)(const Request&, const PathParameters&) const) {
    return [accounts, method](const Request& request, const PathParameters& path) {
      return ((*accounts).*method)(request, path);
    };
  };
  const std::string provider = "/subscriptions/{subscription}/providers/Microsoft.Storage";
  const std::string in_group =
      "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts";
  const std::string one = in_group + "/{account}";
  return {{"GET", provider + "/storageAccounts", to(&StorageAccounts::list)},
          {"POST", provider + "/checkNameAvailability", to(&StorageAccounts::check_name)},
          {"GET", in_group, to(&StorageAccounts::list_by_group)},
          {"GET", one, to(&StorageAccounts::get)},
          {"PUT", one, to(&StorageAccounts::put)},
          {"PATCH", one, to(&StorageAccounts::patch)},
          {"DELETE", one, to(&StorageAccounts::remove)},
          {"POST", one + "/listKeys", to(&StorageAccounts::list_keys)},
          {"POST", one + "/regenerateKey", to(&StorageAccounts::regenerate_key)}};
}

}  // namespace batchai::server
