#include "models/container_tables.hpp"

namespace batchai::inline v1 {

BATCHAI_MODEL(PrivateRegistryCredentials)
BATCHAI_MODEL(ImageSourceRegistry)
BATCHAI_MODEL(ContainerSettings)

}  // namespace batchai::inline v1
