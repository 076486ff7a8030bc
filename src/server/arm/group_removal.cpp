#include "server/arm/group_removal.hpp"

#include "batchai/core/http.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/service/fault.hpp"

#include <exception>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

bool is_deleting(const Document& group) {
  return iequals(group.body.at("properties").value("provisioningState", ""), "Deleting");
}

}  // namespace

OperationRecord GroupRemoval::start(const std::string& subscription, const std::string& group) const {
  OperationRecord operation;
  options_.store.write([&](Transaction& transaction) {
    auto document = transaction.get(to_lower(group_id(subscription, group)));
    if (!document) {
      throw ServiceFault(404, "ResourceGroupNotFound", "Resource group '" + group + "' could not be found.");
    }
    if (is_deleting(*document)) {
      operation = find_operation(transaction, document->hidden.at("removal").get<std::string>()).value();
      return;
    }
    operation = create_operation(transaction, options_.clock->now(), subscription, document->body.at("location"),
                                 subscription + "$" + document->body.at("name").get<std::string>());
    document->body["properties"]["provisioningState"] = "Deleting";
    document->hidden["removal"] = operation.id;
    transaction.put(std::move(*document));
  });
  advance();
  return operation;
}

void GroupRemoval::advance() const {
  std::vector<Document> groups;
  options_.store.read([&groups](Transaction& transaction) { groups = transaction.list("resourceGroup"); });
  for (const Document& group : groups) {
    if (!is_deleting(group)) {
      continue;
    }
    try {
      advance_group(group);
    } catch (const std::exception& error) {
      options_.report("The removal of the resource group " + group.body.at("name").get<std::string>() +
                      " is tried again later: " + error.what());
    }
  }
}

bool GroupRemoval::has_content(const std::string& key) const {
  bool removed = false;
  options_.store.write([&](Transaction& transaction) {
    removed = options_.remove_group_contents(transaction, key, options_.clock->now());
  });
  return !removed;
}

void GroupRemoval::advance_group(const Document& group) const {
  if (has_content(group.key)) {
    return;
  }
  std::vector<Document> accounts;
  options_.store.read(
      [&](Transaction& transaction) { accounts = transaction.list("storageAccount", std::string_view(group.key)); });
  // The data first: after a crash the account is still known, and this is done again.
  for (const Document& account : accounts) {
    options_.remove_account_data(account.body.at("name"));
  }
  options_.store.write([&](Transaction& transaction) {
    for (const Document& account : accounts) {
      transaction.erase(account.key);
    }
    transaction.erase(group.key);
    succeed_operation(transaction, options_.clock->now(), group.hidden.at("removal").get<std::string>());
  });
}

}  // namespace batchai::server
