#pragma once

#include "batchai/models/common.hpp"
#include "batchai/version.hpp"

BATCHAI_NAMESPACE_BEGIN

/// One of password and reference. The service never returns the password.
struct PrivateRegistryCredentials {
  std::string username;
  std::optional<Secret> password = {};
  std::optional<KeyVaultSecretReference> password_secret_reference = {};
  UnknownMembers unknown = {};

  friend bool operator==(const PrivateRegistryCredentials&, const PrivateRegistryCredentials&) = default;
};

/// Where the image of a container comes from.
struct ImageSourceRegistry {
  /// Fully qualified where the registry is a private one.
  std::string image;
  /// Docker Hub where it is absent.
  std::optional<std::string> server_url = {};
  std::optional<PrivateRegistryCredentials> credentials = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ImageSourceRegistry&, const ImageSourceRegistry&) = default;
};

/// The container that a job runs in.
struct ContainerSettings {
  ImageSourceRegistry image_source_registry;
  /// Size of /dev/shm in docker's syntax, as `16gb`.
  std::optional<std::string> shm_size = {};
  UnknownMembers unknown = {};

  friend bool operator==(const ContainerSettings&, const ContainerSettings&) = default;
};

BATCHAI_NAMESPACE_END
