#include "models/common_tables.hpp"

namespace batchai::inline v1 {

BATCHAI_MODEL(ResourceId)
BATCHAI_MODEL(NameValuePair)
BATCHAI_MODEL(BatchAiError)
BATCHAI_MODEL(KeyVaultSecretReference)
BATCHAI_MODEL(EnvironmentVariable)
BATCHAI_MODEL(EnvironmentVariableWithSecretValue)
BATCHAI_MODEL(UserAccountSettings)
BATCHAI_MODEL(RemoteLoginInformation)

}  // namespace batchai::inline v1
