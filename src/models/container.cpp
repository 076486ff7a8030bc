#include "models/container_tables.hpp"

namespace batchai {

BATCHAI_MODEL(PrivateRegistryCredentials)
BATCHAI_MODEL(ImageSourceRegistry)
BATCHAI_MODEL(ContainerSettings)

}  // namespace batchai
