#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/secret.hpp"
#include "server/identity/principals.hpp"
#include "server/program/server_options.hpp"
#include "server/records/store.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace batchai::server {

/// What the first start decides and every later one keeps.
struct Provisioned {
  std::string tenant_id;
  std::string subscription_id;
  std::string client_id;
  Secret client_secret;
  std::string storage_account;
  Secret storage_key;
};

/// Ids, one service principal, and one storage account (group `batchaiautostorage`, where az looks for one), which is
/// locked. Where a service has lost its database, its ids are taken from `endpoints_file`, and the folders beside that
/// file, in `files` and `blobs`, get accounts again. The account of the service that is missing later is made again,
/// with new keys, and `report` is called with a sentence about it. The secret of the principal is stored as a hash
/// only, so it is taken from the `endpoints.json` of the last start; if that is gone, the principal gets another
/// secret. Throws UsageError if an option differs from what was decided.
Provisioned provision(
    Store& store, Principals& principals, const Clock& clock, const ServerOptions& options,
    const std::filesystem::path& endpoints_file,
    const std::function<void(const std::string&)>& report = [](const std::string&) {});

/// What the first start has decided: `tenantId`, `subscriptionId`, `clientId`, `storageAccount`. Throws
/// std::runtime_error where there was none.
nlohmann::json service_settings(Store& store);

}  // namespace batchai::server
