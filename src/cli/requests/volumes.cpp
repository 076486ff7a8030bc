#include "cli/requests/volumes.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/core/url.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/options.hpp"
#include "cli/app/services.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

constexpr std::string_view kGroup = "Volumes";
constexpr std::string_view kAccountPlaceholder = "<AZURE_BATCHAI_STORAGE_ACCOUNT>";
constexpr std::string_view kKeyPlaceholder = "<AZURE_BATCHAI_STORAGE_KEY>";

constexpr std::string_view kStorageHelp =
    "set AZURE_BATCHAI_STORAGE_ACCOUNT and AZURE_BATCHAI_STORAGE_KEY, or storage_account and storage_key in the "
    "profile's [batchai], or use --storage-account-name and --storage-account-key";

[[noreturn]] void refuse_missing_account() {
  throw UsageError("a volume needs the storage account, and none is configured", std::string(kStorageHelp));
}

[[noreturn]] void refuse_missing_key() {
  throw UsageError("a volume needs the storage account's key, and none is configured", std::string(kStorageHelp));
}

const std::string& needed_account(StorageKeys& keys) {
  if (keys.account().empty()) {
    refuse_missing_account();
  }
  return keys.account();
}

const Secret& needed_key(StorageKeys& keys) {
  if (keys.key().empty()) {
    refuse_missing_key();
  }
  return keys.key();
}

bool is_address(const std::string& host) {
  return host == "localhost" || host.find(':') != std::string::npos ||
         host.find_first_not_of("0123456789.") == std::string::npos;
}

/// The account in a share's URL: the host up to the first dot, or the first part of the path where the host is an
/// address (path-style, as services outside the cloud have it).
std::string account_in_url(const std::string& text) {
  if (text.empty()) {
    throw UsageError("azureFileUrl cannot be absent or empty");
  }
  try {
    const Url url = Url::parse(text);
    if (is_address(url.host())) {
      const std::string path = url.path().substr(1);
      return path.substr(0, path.find('/'));
    }
    if (const std::size_t dot = url.host().find('.'); dot != std::string::npos && dot > 0) {
      return url.host().substr(0, dot);
    }
  } catch (const InvalidArgument&) {
    throw UsageError("ill-formed azureFileUrl '" + text + "': expected https://ACCOUNT.file.SUFFIX/SHARE");
  }
  throw UsageError("ill-formed azureFileUrl '" + text + "': expected https://ACCOUNT.file.SUFFIX/SHARE");
}

void replace_placeholder(std::string& text, StorageKeys& keys) {
  for (std::size_t at = text.find(kAccountPlaceholder); at != std::string::npos; at = text.find(kAccountPlaceholder)) {
    text.replace(at, kAccountPlaceholder.size(), needed_account(keys));
  }
}

void complete_credentials(AzureStorageCredentialsInfo& credentials, const std::string& account, StorageKeys& keys) {
  if (credentials.account_key && credentials.account_key->reveal() == kKeyPlaceholder) {
    credentials.account_key = needed_key(keys);
    return;
  }
  if (credentials.account_key || credentials.account_key_secret_reference) {
    return;
  }
  const bool ours = !account.empty() && account == keys.account();
  credentials.account_key = ours ? needed_key(keys) : keys.look_up(account);
}

std::string mount_path(const Arguments& arguments, std::string_view option, const std::string& kind) {
  const std::string& path = arguments.get(option);
  if (path.empty()) {
    throw UsageError("--" + std::string(option) + ": the relative mount path of the " + kind + " cannot be empty");
  }
  return path;
}

OptionSpec path_option(std::string_view name, std::string_view summary, std::string_view value) {
  return {.name = name, .summary = summary, .value_name = "PATH", .default_value = value, .group = "Volumes"};
}

}  // namespace

std::vector<OptionSpec> storage_account_options() {
  return {{.name = "storage-account-name",
           .summary = "Storage account of share and container; default: AZURE_BATCHAI_STORAGE_ACCOUNT.",
           .value_name = "ACCOUNT",
           .group = kGroup},
          {.name = "storage-account-key",
           .summary = "Its key; default: AZURE_BATCHAI_STORAGE_KEY, or looked up for a named account.",
           .value_name = "KEY",
           .group = kGroup}};
}

std::vector<OptionSpec> volume_options() {
  const std::vector<OptionSpec> volumes{
      {.name = "afs-name", .summary = "Mount this Azure file share.", .value_name = "SHARE", .group = kGroup},
      path_option("afs-mount-path", "Where the file share is mounted, below the mount root.", "afs"),
      {.name = "bfs-name", .summary = "Mount this blob container.", .value_name = "CONTAINER", .group = kGroup},
      path_option("bfs-mount-path", "Where the container is mounted, below the mount root.", "bfs"),
      {.name = "nfs", .summary = "Mount this file server: name or full id.", .value_name = "SERVER", .group = kGroup},
      path_option("nfs-mount-path", "Where the file server is mounted, below the mount root.", "nfs")};
  return join(volumes, storage_account_options());
}

void complete_volumes(MountVolumes& volumes, StorageKeys& keys) {
  for (AzureFileShareReference& share : volumes.azure_file_shares) {
    replace_placeholder(share.azure_file_url, keys);
    replace_placeholder(share.account_name, keys);
    if (share.account_name.empty()) {
      share.account_name = account_in_url(share.azure_file_url);
    }
    complete_credentials(share.credentials, share.account_name, keys);
  }
  for (AzureBlobFileSystemReference& container : volumes.azure_blob_file_systems) {
    replace_placeholder(container.account_name, keys);
    if (container.account_name.empty()) {
      throw UsageError("ill-formed blob file system reference: accountName is missing");
    }
    complete_credentials(container.credentials, container.account_name, keys);
  }
}

std::optional<MountedServer> find_file_server(const Arguments& arguments, const Context& context) {
  const auto named = arguments.find("nfs");
  if (!named) {
    return std::nullopt;
  }
  std::string group = arguments.get("resource-group");
  std::string workspace = arguments.get("workspace");
  std::string name = *named;
  if (named->starts_with('/')) {
    const ResourceIdParts parts = parse_resource_id(*named);
    group = parts.group;
    workspace = parts.find("workspaces");
    name = parts.find("fileServers");
    if (workspace.empty() || name.empty()) {
      throw UsageError("--nfs: '" + *named + "' is not the id of a file server");
    }
  }
  const FileServer server = context.services.batchai().file_servers().get(group, workspace, name, context.call());
  return MountedServer{server.id, server.subnet ? server.subnet->id : ""};
}

AzureFileShareReference share_reference(const std::string& account, const Secret& key,
                                        const std::string& storage_suffix, const std::string& share,
                                        const std::string& path) {
  return {.account_name = account,
          .azure_file_url = "https://" + account + ".file." + storage_suffix + "/" + share,
          .credentials = {.account_key = key},
          .relative_mount_path = path,
          .file_mode = "0777",
          .directory_mode = "0777"};
}

void append_volumes(std::optional<MountVolumes>& volumes, const Arguments& arguments,
                    const std::optional<MountedServer>& server, StorageKeys& keys, const std::string& storage_suffix) {
  MountVolumes all = volumes.value_or(MountVolumes{});
  if (server) {
    all.file_servers.push_back({.file_server = {.id = server->id},
                                .relative_mount_path = mount_path(arguments, "nfs-mount-path", "file server"),
                                .mount_options = "rw"});
  }
  if (const auto share = arguments.find("afs-name")) {
    const std::string path = mount_path(arguments, "afs-mount-path", "file share");
    const std::string& account = needed_account(keys);
    all.azure_file_shares.push_back(share_reference(account, needed_key(keys), storage_suffix, *share, path));
  }
  if (const auto container = arguments.find("bfs-name")) {
    const std::string path = mount_path(arguments, "bfs-mount-path", "container");
    const std::string& account = needed_account(keys);
    all.azure_blob_file_systems.push_back({.account_name = account,
                                           .container_name = *container,
                                           .credentials = {.account_key = needed_key(keys)},
                                           .relative_mount_path = path});
  }
  if (volumes || all != MountVolumes{}) {
    volumes = std::move(all);
  }
}

}  // namespace batchai::cli
