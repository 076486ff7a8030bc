#include "server/planning/job_mounts.hpp"

#include "batchai/core/http.hpp"
#include "core/lies_in.hpp"
#include "server/planning/storage_name.hpp"

#include <algorithm>
#include <string_view>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

/// One kind of failure: code, message of the service, and its details.
[[noreturn]] void fail(const std::string& code, const std::string& target, const std::string& reason) {
  std::string message = "Unable to mount the unmanaged file system";
  if (code == "AZFMountError") {
    message = "Unable to mount Azure File";
  } else if (code == "BFSMountError") {
    message = "unable to mount blob fuse file system";
  } else if (code == "NFSMountError") {
    message = "Unable to mount the file server";
  }
  throw JobPlanError(code, message + " at " + target + ": " + reason, {{"Info", target + ": " + reason}});
}

/// Normalised and without a slash at the end; empty if it does not stay below the root it is meant for.
fs::path inner_path(const std::string& text) {
  const auto path = fs::path(text).lexically_normal();
  const auto trimmed = path.has_filename() ? path : path.parent_path();
  const bool inside = !trimmed.empty() && trimmed.is_relative() && trimmed != "." && *trimmed.begin() != "..";
  return inside ? trimmed : fs::path();
}

bool has_key_of(const AzureStorageCredentialsInfo& credentials, const HostedAccount& account) {
  return credentials.account_key && std::ranges::find(account.keys, *credentials.account_key) != account.keys.end();
}

void check_key(const std::string& code, const std::string& target, const HostedAccount& account,
               const AzureStorageCredentialsInfo& credentials) {
  if (credentials.account_key_secret_reference && !credentials.account_key) {
    fail(code, target, "the account key is in a key vault, which this service cannot read; give it as accountKey");
  }
  if (!has_key_of(credentials, account)) {
    fail(code, target, "the account key is wrong, or has been renewed since (permission denied)");
  }
}

/// Collects mounts and checks that they do not overlap.
class Planner {
 public:
  Planner(const fs::path& root, const AccountResolver& accounts, const FileServerResolver& file_servers)
      : root_(root), accounts_(accounts), file_servers_(file_servers) {}

  void add(const AzureFileShareReference& volume) {
    const std::string code = "AZFMountError";
    const auto name = read_share_url(volume.azure_file_url);
    if (!name) {
      fail(code, volume.azure_file_url, "not the URL of a share (https://ACCOUNT.file.core.windows.net/SHARE)");
    }
    if (!volume.account_name.empty() && to_lower(volume.account_name) != name->account) {
      fail(code, volume.azure_file_url, "the share is not one of the account " + volume.account_name);
    }
    add_storage(code, volume.azure_file_url, *name, volume.credentials, volume.relative_mount_path);
  }

  void add(const AzureBlobFileSystemReference& volume) {
    add_storage("BFSMountError", volume.account_name + "/" + volume.container_name, container_name(volume),
                volume.credentials, volume.relative_mount_path);
  }

  void add(const FileServerReference& volume) {
    const std::string code = "NFSMountError";
    const auto& id = volume.file_server.id;
    const auto exported = file_servers_ ? file_servers_(id) : std::nullopt;
    if (!exported) {
      fail(code, id, "this service has no such file server");
    }
    auto folder = *exported;
    if (const auto source = volume.source_directory.value_or(""); !source.empty()) {
      const auto inside = inner_path(fs::path(source).relative_path().string());
      if (inside.empty()) {
        fail(code, id, "the source directory " + source + " is not inside the file server's export");
      }
      folder /= inside;
    }
    add_folder(code, id, folder, volume.relative_mount_path, "it does not exist");
  }

  static void add(const UnmanagedFileSystemReference& volume) {
    fail("UnmanagedFileSystemMountError", volume.relative_mount_path,
         "this service does not run mount commands; use a file share of an account that it hosts");
  }

  Mounts mounts() && { return std::move(mounts_); }

 private:
  void add_storage(const std::string& code, const std::string& target, const StorageName& name,
                   const AzureStorageCredentialsInfo& credentials, const std::string& relative_path) {
    const auto account = accounts_ ? accounts_(name.account) : std::nullopt;
    if (!account) {
      fail(code, target, "the storage account " + name.account + " is not hosted by this service");
    }
    check_key(code, target, *account, credentials);
    if (!is_storage_name(name.name)) {
      fail(code, target, "not a valid name of a share or container");
    }
    add_folder(code, target, storage_folder(*account, name), relative_path,
               name.kind == StorageKind::Share
                   ? "the share does not exist"
                   : "the container does not exist: make it by way of the management API, or as the folder blobs/" +
                         name.account + "/" + name.name + " in the data folder of the service");
  }

  void add_folder(const std::string& code, const std::string& target, const fs::path& folder,
                  const std::string& relative_path, const std::string& absent) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
      fail(code, target, absent);
    }
    const auto inside = inner_path(relative_path);
    if (inside.empty()) {
      fail(code, target, "the relativeMountPath \"" + relative_path + "\" is not a path below the mount root");
    }
    const auto path = root_ / inside;
    for (const auto& [other, shown] : mounts_) {
      if (lies_in(path, other) || lies_in(other, path)) {
        fail(code, target, "the relativeMountPath \"" + relative_path + "\" is that of another volume or lies in it");
      }
    }
    mounts_.emplace_back(path, folder);
  }

  const fs::path& root_;
  const AccountResolver& accounts_;
  const FileServerResolver& file_servers_;
  Mounts mounts_;
};

}  // namespace

Mounts plan_mounts(const MountVolumes& volumes, const fs::path& root, const AccountResolver& accounts,
                   const FileServerResolver& file_servers) {
  Planner planner(root, accounts, file_servers);
  const auto add_all = [&planner](const auto& list) {
    for (const auto& volume : list) {
      planner.add(volume);
    }
  };
  add_all(volumes.azure_file_shares);
  add_all(volumes.azure_blob_file_systems);
  add_all(volumes.file_servers);
  add_all(volumes.unmanaged_file_systems);
  return std::move(planner).mounts();
}

std::vector<MountedStorage> mounted_storage(const MountVolumes& volumes, const AccountResolver& accounts) {
  std::vector<MountedStorage> result;
  const auto add = [&](const std::optional<StorageName>& name, const std::string& relative_path,
                       const AzureStorageCredentialsInfo& credentials) {
    const auto inside = inner_path(relative_path);
    const auto account = name && accounts ? accounts(name->account) : std::nullopt;
    if (account && is_storage_name(name->name) && !inside.empty()) {
      result.push_back({name->kind, name->account, name->name, inside, storage_folder(*account, *name),
                        has_key_of(credentials, *account)});
    }
  };
  for (const auto& volume : volumes.azure_file_shares) {
    add(read_share_url(volume.azure_file_url), volume.relative_mount_path, volume.credentials);
  }
  for (const auto& volume : volumes.azure_blob_file_systems) {
    add(container_name(volume), volume.relative_mount_path, volume.credentials);
  }
  return result;
}

}  // namespace batchai::server
