#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// A share, or a blob container, as the resource manager shows it.
struct StorageFolder {
  std::string name;
  /// With its quotes.
  std::string etag;
  Timestamp modified = {};
  std::map<std::string, std::string> metadata = {};
  /// In GiB; shares only, as the tier.
  std::int64_t quota = 0;
  std::string access_tier = {};
  /// As `Available` or `Leased`.
  std::string lease_state = {};
  /// Whether only the holder of a lease may delete it.
  bool is_locked = false;
};

/// What a request sets of one; what it leaves out stays as it is.
struct StorageFolderSettings {
  std::optional<std::map<std::string, std::string>> metadata = {};
  std::optional<std::int64_t> quota = {};
  std::optional<std::string> access_tier = {};
};

/// The shares, or the blob containers, of the storage accounts of a service. Thread-safe. All functions throw
/// ServiceFault for a name or setting that breaks a rule, and where there is no such folder unless a result says so.
class StorageFolders {
 public:
  struct Put {
    StorageFolder folder;
    bool is_new = false;
  };

  virtual ~StorageFolders() = default;
  /// Sorted by name.
  virtual std::vector<StorageFolder> list(const std::string& account) const = 0;
  virtual StorageFolder get(const std::string& account, const std::string& name) const = 0;
  /// Makes it unless it is there, and sets what there is to set.
  virtual Put put(const std::string& account, const std::string& name, const StorageFolderSettings& settings) const = 0;
  virtual StorageFolder change(const std::string& account, const std::string& name,
                               const StorageFolderSettings& settings) const = 0;
  /// Removes it with everything in it. Whether it was there. Throws ServiceFault 409 for one that has snapshots, unless
  /// they are removed too, and 412 for one under a lease.
  virtual bool remove(const std::string& account, const std::string& name, bool with_snapshots) const = 0;
};

}  // namespace batchai::server
