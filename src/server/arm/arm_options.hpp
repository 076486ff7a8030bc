#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/secret.hpp"
#include "server/arm/storage_folders.hpp"
#include "server/records/store.hpp"

#include <functional>
#include <memory>
#include <string>

namespace batchai::server {

/// The dependencies of the resource manager of one subscription.
struct ArmOptions {
  /// Outlives everything made from these options.
  Store& store;
  std::shared_ptr<const Clock> clock;
  /// Base URLs of the two APIs without slash at the end.
  std::string management_url;
  std::string files_url;
  std::string subscription_id;
  std::string tenant_id;
  /// Removes what is in a group, except accounts. Whether all of it is gone; if not, it is called again later.
  /// Called inside a write of the store.
  std::function<bool(Transaction&, const std::string& group_key, Timestamp now)> remove_group_contents;
  /// Called when such a write is durable: what was marked for removal can be seen by others now. Thread-safe.
  std::function<void()> group_contents_changed = [] {};
  /// Removes the data of a storage account that is being deleted. Called outside the store, repeated after a crash.
  std::function<void(const std::string& account)> remove_account_data;
  /// Called when a key of a storage account has been renewed. Thread-safe.
  std::function<void(const std::string& account, const std::string& name, const Secret& key)> key_renewed =
      [](const std::string&, const std::string&, const Secret&) {};
  /// The shares and containers of storage accounts. May be null where no route for them is served.
  std::shared_ptr<const StorageFolders> shares = {};
  std::shared_ptr<const StorageFolders> containers = {};
  /// Called for removals that failed and are tried again; one sentence each, without secrets. Thread-safe.
  std::function<void(const std::string&)> report = [](const std::string&) {};
};

}  // namespace batchai::server
