#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// One of the two. The service never returns the key.
struct AzureStorageCredentialsInfo {
  std::optional<Secret> account_key = {};
  std::optional<KeyVaultSecretReference> account_key_secret_reference = {};
  UnknownMembers unknown = {};

  friend bool operator==(const AzureStorageCredentialsInfo&, const AzureStorageCredentialsInfo&) = default;
};

/// A share of Azure Files that nodes mount by SMB.
struct AzureFileShareReference {
  std::string account_name;
  /// `https://{account}.file.core.windows.net/{share}`
  std::string azure_file_url;
  AzureStorageCredentialsInfo credentials = {};
  /// Below the mount root of the cluster or of the job.
  std::string relative_mount_path;
  /// Octal; the service takes 0777 where it is absent.
  std::optional<std::string> file_mode = {};
  std::optional<std::string> directory_mode = {};
  UnknownMembers unknown = {};

  friend bool operator==(const AzureFileShareReference&, const AzureFileShareReference&) = default;
};

/// A container of blobs that nodes mount.
struct AzureBlobFileSystemReference {
  std::string account_name;
  std::string container_name;
  AzureStorageCredentialsInfo credentials = {};
  std::string relative_mount_path;
  std::optional<std::string> mount_options = {};
  UnknownMembers unknown = {};

  friend bool operator==(const AzureBlobFileSystemReference&, const AzureBlobFileSystemReference&) = default;
};

/// A file server that nodes mount.
struct FileServerReference {
  ResourceId file_server;
  /// Folder of the server to mount; the whole export where it is absent.
  std::optional<std::string> source_directory = {};
  std::string relative_mount_path;
  std::optional<std::string> mount_options = {};
  UnknownMembers unknown = {};

  friend bool operator==(const FileServerReference&, const FileServerReference&) = default;
};

/// A file system that nodes mount by a command line.
struct UnmanagedFileSystemReference {
  /// Without the target: the service appends the mount path.
  std::string mount_command;
  std::string relative_mount_path;
  UnknownMembers unknown = {};

  friend bool operator==(const UnmanagedFileSystemReference&, const UnmanagedFileSystemReference&) = default;
};

/// What is mounted on the nodes, by kind.
struct MountVolumes {
  std::vector<AzureFileShareReference> azure_file_shares = {};
  std::vector<AzureBlobFileSystemReference> azure_blob_file_systems = {};
  std::vector<FileServerReference> file_servers = {};
  std::vector<UnmanagedFileSystemReference> unmanaged_file_systems = {};
  UnknownMembers unknown = {};

  friend bool operator==(const MountVolumes&, const MountVolumes&) = default;
};

BATCHAI_NAMESPACE_END
