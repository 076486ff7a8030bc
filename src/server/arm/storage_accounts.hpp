#pragma once

#include "batchai/core/secret.hpp"
#include "server/arm/arm_options.hpp"
#include "server/http/router.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// What a storage account is created with.
struct NewStorageAccount {
  std::string group;
  std::string name;
  std::string location;
  /// As `Standard_LRS`.
  std::string sku = "Standard_LRS";
  std::string kind = "StorageV2";
};

/// A document (kind `storageAccount`) with two new random keys, not stored yet. Endpoints are added when it is shown.
Document make_storage_account(const std::string& subscription, const NewStorageAccount& account, Timestamp now);

/// Marks what the service itself has made: the account and its group get a tag. An account also gets a lock: neither it
/// nor its group can be deleted.
void lock_account(Document& account);
void tag_group_of_locked_account(Document& group);

/// Listing, showing, making and deleting accounts, their keys, and whether a name is free.
std::vector<Route> storage_account_routes(const ArmOptions& options);

}  // namespace batchai::server
