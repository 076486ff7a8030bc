#include "server/arm/group_removal.hpp"

#include "batchai/core/http.hpp"
#include "server/arm/resource_groups.hpp"
#include "server/arm/storage_account_document.hpp"
#include "server/faults/refusal.hpp"

#include <algorithm>
#include <exception>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

bool is_deleting(const Document& group) {
  return iequals(group.body.at("properties").value("provisioningState", ""), "Deleting");
}

/// Whether the group still waits for this removal: it may be gone meanwhile, and another one of its name made.
bool is_current(Transaction& transaction, const Document& group) {
  const auto current = transaction.get(group.key);
  return current && is_deleting(*current) && current->hidden.at("removal") == group.hidden.at("removal");
}

std::vector<Document> accounts_of(Transaction& transaction, const Document& group) {
  return transaction.list("storageAccount", std::string_view(group.key));
}

bool same_keys(const std::vector<Document>& left, const std::vector<Document>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Document& a, const Document& b) { return a.key == b.key; });
}

}  // namespace

OperationRecord GroupRemoval::start(const std::string& subscription, const std::string& group) const {
  OperationRecord operation;
  options_.store.write([&](Transaction& transaction) {
    auto document = transaction.get(to_lower(group_id(subscription, group)));
    if (!document) {
      throw group_not_found(group);
    }
    if (is_deleting(*document)) {
      operation = find_operation(transaction, document->hidden.at("removal").get<std::string>()).value();
      return;
    }
    for (const Document& account : accounts_of(transaction, *document)) {
      refuse_locked(account, document->body.at("id"));
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

bool GroupRemoval::is_empty(const Document& group) const {
  bool empty = false;
  options_.store.write([&](Transaction& transaction) {
    empty =
        is_current(transaction, group) && options_.remove_group_contents(transaction, group.key, options_.clock->now());
  });
  options_.group_contents_changed();
  return empty;
}

void GroupRemoval::advance_group(const Document& group) const {
  const std::lock_guard lock(mutex_);
  if (!is_empty(group)) {
    return;
  }
  std::vector<Document> accounts;
  options_.store.read([&](Transaction& transaction) { accounts = accounts_of(transaction, group); });
  // The data first: after a crash the account is still known, and this is done again.
  for (const Document& account : accounts) {
    options_.remove_account_data(account.body.at("name"));
  }
  finish(group, accounts);
}

/// An account that was made since is left for the next call.
void GroupRemoval::finish(const Document& group, const std::vector<Document>& accounts) const {
  options_.store.write([&](Transaction& transaction) {
    if (!is_current(transaction, group) || !same_keys(accounts_of(transaction, group), accounts)) {
      return;
    }
    for (const Document& account : accounts) {
      transaction.erase(account.key);
    }
    transaction.erase(group.key);
    succeed_operation(transaction, options_.clock->now(), group.hidden.at("removal").get<std::string>());
  });
}

}  // namespace batchai::server
