#pragma once

#include "batchai/models/volumes.hpp"
#include "server/planning/job_plan.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace batchai::server {

/// A share or blob container, as volumes name it.
struct StorageName {
  StorageKind kind = StorageKind::Share;
  /// In lower case.
  std::string account;
  std::string name;
};

/// `https://{account}.file.core.windows.net/{share}`, and with another host `https://{host}/{account}/{share}`, as this
/// service's own endpoint is written. Nothing for all other texts.
std::optional<StorageName> read_share_url(const std::string& url);

StorageName container_name(const AzureBlobFileSystemReference& volume);

/// Whether it can be a folder of an account: not hidden, and not a path.
bool is_storage_name(const std::string& name);

std::filesystem::path storage_folder(const HostedAccount& account, const StorageName& name);

}  // namespace batchai::server
