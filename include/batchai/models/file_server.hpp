#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// How the disks of a file server are cached.
struct CachingType : OpenEnum<CachingType> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kNone{"none"};
  static constexpr Constant kReadOnly{"readonly"};
  static constexpr Constant kReadWrite{"readwrite"};
};

/// The kind of the disks of a file server.
struct StorageAccountType : OpenEnum<StorageAccountType> {
  using OpenEnum::OpenEnum;
  static constexpr Constant kStandardLrs{"Standard_LRS"};
  static constexpr Constant kPremiumLrs{"Premium_LRS"};
};

/// Blank disks; several of them make a RAID 0.
struct DataDisks {
  std::int32_t disk_size_in_gb = 0;
  std::int32_t disk_count = 0;
  StorageAccountType storage_account_type = {};
  CachingType caching_type = {};
  UnknownMembers unknown = {};

  friend bool operator==(const DataDisks&, const DataDisks&) = default;
};

/// Who may sign in to a file server by SSH, and from where.
struct SshConfiguration {
  /// Addresses or ranges; any address where it is empty.
  std::vector<std::string> public_ips_to_allow = {};
  UserAccountSettings user_account_settings;
  UnknownMembers unknown = {};

  friend bool operator==(const SshConfiguration&, const SshConfiguration&) = default;
};

/// Where a file server can be mounted from.
struct MountSettings {
  std::optional<std::string> mount_point = {};
  std::optional<std::string> file_server_public_ip = {};
  std::optional<std::string> file_server_internal_ip = {};
  UnknownMembers unknown = {};

  friend bool operator==(const MountSettings&, const MountSettings&) = default;
};

/// What a file server is created with.
struct FileServerCreateParameters {
  std::string vm_size;
  SshConfiguration ssh_configuration = {};
  DataDisks data_disks = {};
  std::optional<ResourceId> subnet = {};
  UnknownMembers unknown = {};

  friend bool operator==(const FileServerCreateParameters&, const FileServerCreateParameters&) = default;
};

/// An NFS server that clusters mount, as the service shows it.
struct FileServer {
  std::string id;
  std::string name;
  std::string type;
  std::string vm_size;
  std::optional<SshConfiguration> ssh_configuration = {};
  std::optional<DataDisks> data_disks = {};
  std::optional<ResourceId> subnet = {};
  std::optional<MountSettings> mount_settings = {};
  std::optional<Timestamp> creation_time = {};
  ProvisioningState provisioning_state = {};
  std::optional<Timestamp> provisioning_state_transition_time = {};
  UnknownMembers unknown = {};

  friend bool operator==(const FileServer&, const FileServer&) = default;
};

BATCHAI_NAMESPACE_END
