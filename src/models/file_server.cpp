#include "batchai/models/file_server.hpp"

#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<DataDisks> {
  static constexpr auto kFields =
      std::tuple(field("diskSizeInGB", &DataDisks::disk_size_in_gb, kRequired),
                 field("cachingType", &DataDisks::caching_type), field("diskCount", &DataDisks::disk_count, kRequired),
                 field("storageAccountType", &DataDisks::storage_account_type, kRequired));
};

template <>
struct Table<SshConfiguration> {
  static constexpr auto kFields =
      std::tuple(field("publicIPsToAllow", &SshConfiguration::public_ips_to_allow),
                 field("userAccountSettings", &SshConfiguration::user_account_settings, kRequired));
};

template <>
struct Table<MountSettings> {
  static constexpr auto kFields = std::tuple(field("mountPoint", &MountSettings::mount_point),
                                             field("fileServerPublicIP", &MountSettings::file_server_public_ip),
                                             field("fileServerInternalIP", &MountSettings::file_server_internal_ip));
};

/// What the creator of a file server says and the file server then shows. Requests need more of it than answers.
template <class T>
constexpr auto file_server_settings(unsigned required) {
  return std::tuple(field("vmSize", &T::vm_size, kInProperties | required),
                    field("sshConfiguration", &T::ssh_configuration, kInProperties | required),
                    field("dataDisks", &T::data_disks, kInProperties | required),
                    field("subnet", &T::subnet, kInProperties));
}

template <>
struct Table<FileServerCreateParameters> {
  static constexpr auto kFields = file_server_settings<FileServerCreateParameters>(kRequired);
};

template <>
struct Table<FileServer> {
  static constexpr auto kFields = std::tuple_cat(
      identity<FileServer>(), file_server_settings<FileServer>(kPlain),
      std::tuple(field("mountSettings", &FileServer::mount_settings, kReadOnly | kInProperties),
                 field("provisioningStateTransitionTime", &FileServer::provisioning_state_transition_time,
                       kReadOnly | kInProperties),
                 field("creationTime", &FileServer::creation_time, kReadOnly | kInProperties),
                 field("provisioningState", &FileServer::provisioning_state, kReadOnly | kInProperties)));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL(DataDisks)
BATCHAI_MODEL(SshConfiguration)
BATCHAI_MODEL(MountSettings)
BATCHAI_MODEL(FileServerCreateParameters)
BATCHAI_MODEL(FileServer)

}  // namespace batchai::inline v1
