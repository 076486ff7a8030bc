#pragma once

#include "batchai/models/volumes.hpp"
#include "cli/frame/command.hpp"
#include "cli/requests/storage_keys.hpp"

#include <optional>
#include <string>
#include <vector>

namespace batchai::cli {

/// --storage-account-name and -key.
std::vector<OptionSpec> storage_account_options();

/// --afs-name, --bfs-name, --nfs, their mount paths, and the storage account.
std::vector<OptionSpec> volume_options();

/// Fills in the accounts and keys that a config file leaves open or writes as placeholders. Throws UsageError for
/// volumes that cannot be completed and for a key that cannot be found.
void complete_volumes(MountVolumes& volumes, StorageKeys& keys);

/// A file server that is mounted: its id and subnet as the service has them.
struct MountedServer {
  std::string id;
  std::string subnet;
};

/// Resolves --nfs, a full id or a name in the current group and workspace; nothing when it is not given.
std::optional<MountedServer> find_file_server(const Arguments& arguments, const Context& context);

/// A share of a named account as a cluster or job mounts it at `path`, below the mount root.
AzureFileShareReference share_reference(const std::string& account, const Secret& key,
                                        const std::string& storage_suffix, const std::string& share,
                                        const std::string& path);

/// Appends the volumes that the options name. Throws UsageError for an empty mount path or an unknown account.
void append_volumes(std::optional<MountVolumes>& volumes, const Arguments& arguments,
                    const std::optional<MountedServer>& server, StorageKeys& keys, const std::string& storage_suffix);

}  // namespace batchai::cli
