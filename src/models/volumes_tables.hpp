#pragma once

#include "batchai/models/volumes.hpp"
#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<AzureStorageCredentialsInfo> {
  static constexpr auto kFields =
      std::tuple(field("accountKey", &AzureStorageCredentialsInfo::account_key),
                 field("accountKeySecretReference", &AzureStorageCredentialsInfo::account_key_secret_reference));
};

template <>
struct Table<AzureFileShareReference> {
  static constexpr auto kFields =
      std::tuple(field("accountName", &AzureFileShareReference::account_name, kRequired),
                 field("azureFileUrl", &AzureFileShareReference::azure_file_url, kRequired),
                 field("credentials", &AzureFileShareReference::credentials, kRequired),
                 field("relativeMountPath", &AzureFileShareReference::relative_mount_path, kRequired),
                 field("fileMode", &AzureFileShareReference::file_mode),
                 field("directoryMode", &AzureFileShareReference::directory_mode));
};

template <>
struct Table<AzureBlobFileSystemReference> {
  static constexpr auto kFields =
      std::tuple(field("accountName", &AzureBlobFileSystemReference::account_name, kRequired),
                 field("containerName", &AzureBlobFileSystemReference::container_name, kRequired),
                 field("credentials", &AzureBlobFileSystemReference::credentials, kRequired),
                 field("relativeMountPath", &AzureBlobFileSystemReference::relative_mount_path, kRequired),
                 field("mountOptions", &AzureBlobFileSystemReference::mount_options));
};

template <>
struct Table<FileServerReference> {
  static constexpr auto kFields =
      std::tuple(field("fileServer", &FileServerReference::file_server, kRequired),
                 field("sourceDirectory", &FileServerReference::source_directory),
                 field("relativeMountPath", &FileServerReference::relative_mount_path, kRequired),
                 field("mountOptions", &FileServerReference::mount_options));
};

template <>
struct Table<UnmanagedFileSystemReference> {
  static constexpr auto kFields =
      std::tuple(field("mountCommand", &UnmanagedFileSystemReference::mount_command, kRequired),
                 field("relativeMountPath", &UnmanagedFileSystemReference::relative_mount_path, kRequired));
};

template <>
struct Table<MountVolumes> {
  static constexpr auto kFields = std::tuple(field("azureFileShares", &MountVolumes::azure_file_shares),
                                             field("azureBlobFileSystems", &MountVolumes::azure_blob_file_systems),
                                             field("fileServers", &MountVolumes::file_servers),
                                             field("unmanagedFileSystems", &MountVolumes::unmanaged_file_systems));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL_ELSEWHERE(AzureStorageCredentialsInfo)
BATCHAI_MODEL_ELSEWHERE(AzureFileShareReference)
BATCHAI_MODEL_ELSEWHERE(AzureBlobFileSystemReference)
BATCHAI_MODEL_ELSEWHERE(FileServerReference)
BATCHAI_MODEL_ELSEWHERE(UnmanagedFileSystemReference)
BATCHAI_MODEL_ELSEWHERE(MountVolumes)

}  // namespace batchai::inline v1
