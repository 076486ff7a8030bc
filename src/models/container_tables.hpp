#pragma once

#include "batchai/models/container.hpp"
#include "models/common_tables.hpp"

namespace batchai::inline v1::describe {

template <>
struct Table<PrivateRegistryCredentials> {
  static constexpr auto kFields =
      std::tuple(field("username", &PrivateRegistryCredentials::username, kRequired),
                 field("password", &PrivateRegistryCredentials::password),
                 field("passwordSecretReference", &PrivateRegistryCredentials::password_secret_reference));
};

template <>
struct Table<ImageSourceRegistry> {
  static constexpr auto kFields = std::tuple(field("serverUrl", &ImageSourceRegistry::server_url),
                                             field("image", &ImageSourceRegistry::image, kRequired),
                                             field("credentials", &ImageSourceRegistry::credentials));
};

template <>
struct Table<ContainerSettings> {
  static constexpr auto kFields =
      std::tuple(field("imageSourceRegistry", &ContainerSettings::image_source_registry, kRequired),
                 field("shmSize", &ContainerSettings::shm_size));
};

}  // namespace batchai::inline v1::describe

namespace batchai::inline v1 {

BATCHAI_MODEL_ELSEWHERE(PrivateRegistryCredentials)
BATCHAI_MODEL_ELSEWHERE(ImageSourceRegistry)
BATCHAI_MODEL_ELSEWHERE(ContainerSettings)

}  // namespace batchai::inline v1
