#pragma once

#include "batchai/models/volumes.hpp"
#include "server/planning/job_plan.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

/// As in RunPlan::mounts.
using Mounts = std::vector<std::pair<std::filesystem::path, std::filesystem::path>>;

/// The volumes of a cluster or of a job, mounted below `root`. Throws JobPlanError for the first that cannot be: an
/// account that is not hosted here, a wrong key, a share that does not exist, a path that leaves the root or lies in
/// another volume, a kind of volume that this service cannot mount.
Mounts plan_mounts(const MountVolumes& volumes, const std::filesystem::path& root, const AccountResolver& accounts,
                   const FileServerResolver& file_servers);

/// A share or blob container of a hosted account, and where it is mounted.
struct MountedStorage {
  StorageKind kind = StorageKind::Share;
  std::string account;
  std::string name;
  /// Below the mount root, normalised.
  std::filesystem::path relative_path;
  std::filesystem::path folder;
  /// Whether the volume has a key of the account.
  bool key_is_right = false;
};

/// Those of the volumes that are shares or containers of hosted accounts; whether they exist is not looked at.
std::vector<MountedStorage> mounted_storage(const MountVolumes& volumes, const AccountResolver& accounts);

}  // namespace batchai::server
