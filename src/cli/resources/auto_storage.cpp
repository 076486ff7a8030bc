#include "cli/resources/auto_storage.hpp"

#include "batchai/arm/client.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/requests/storage_keys.hpp"
#include "cli/requests/volumes.hpp"
#include "core/random.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

constexpr const char* kGroup = "batchaiautostorage";
constexpr const char* kShare = "batchaishare";
constexpr const char* kSharePath = "autoafs";
constexpr const char* kContainer = "batchaicontainer";
constexpr const char* kContainerPath = "autobfs";
constexpr int kRandomLetters = 12;

/// `eastus` for `East US`.
std::string canonical_location(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return to_lower(text);
}

std::string random_account_name() {
  std::string name = "bai";
  for (int i = 0; i < kRandomLetters; ++i) {
    name += static_cast<char>('a' + static_cast<int>(random_between(0, 26)));
  }
  return name;
}

void ensure_group(const std::string& location, const Context& context) {
  const ResourceGroupsClient groups = context.services.arm().resource_groups();
  if (groups.exists(kGroup, context.call())) {
    context.warn("using the resource group '" + std::string(kGroup) + "' for the automatic storage account");
    return;
  }
  context.warn("making the resource group '" + std::string(kGroup) + "' for the automatic storage account");
  groups.create_or_update(kGroup, {.location = location}, context.call());
}

std::optional<std::string> find_account(const StorageAccountsClient& accounts, const std::string& location,
                                        const Context& context) {
  for (const StorageAccountResource& account : accounts.list_by_group(kGroup, context.call())) {
    if (canonical_location(account.primary_location.value_or(account.location)) == canonical_location(location)) {
      return account.name;
    }
  }
  return std::nullopt;
}

std::string make_account(const StorageAccountsClient& accounts, const std::string& location, const Context& context) {
  std::string name = random_account_name();
  while (!accounts.check_name(name, context.call()).name_available.value_or(false)) {
    name = random_account_name();
  }
  auto operation = accounts.start_create(
      kGroup, name, {.sku = {.name = "Standard_LRS"}, .kind = "Storage", .location = location}, context.call());
  return wait_for(std::move(operation), context, "creating the storage account '" + name + "'",
                  "see 'batchai group show -n " + std::string(kGroup) + "'")
      .name;
}

}  // namespace

void mount_auto_storage(ClusterCreateParameters& parameters, const std::string& location, const Context& context) {
  ensure_group(location, context);
  const StorageAccountsClient accounts = context.services.arm().storage_accounts();
  const auto found = find_account(accounts, location, context);
  const std::string account = found ? *found : make_account(accounts, location, context);
  const Secret key = first_key_of(kGroup, account, context);
  accounts.create_share(kGroup, account, kShare, context.call());
  accounts.create_container(kGroup, account, kContainer, context.call());
  NodeSetup& setup = parameters.node_setup ? *parameters.node_setup : parameters.node_setup.emplace();
  MountVolumes& volumes = setup.mount_volumes ? *setup.mount_volumes : setup.mount_volumes.emplace();
  volumes.azure_file_shares.push_back(
      share_reference(account, key, context.services.endpoints().storage_suffix, kShare, kSharePath));
  volumes.azure_blob_file_systems.push_back({.account_name = account,
                                             .container_name = kContainer,
                                             .credentials = {.account_key = key},
                                             .relative_mount_path = kContainerPath});
}

}  // namespace batchai::cli
