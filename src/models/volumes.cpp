#include "models/volumes_tables.hpp"

namespace batchai::inline v1 {

BATCHAI_MODEL(AzureStorageCredentialsInfo)
BATCHAI_MODEL(AzureFileShareReference)
BATCHAI_MODEL(AzureBlobFileSystemReference)
BATCHAI_MODEL(FileServerReference)
BATCHAI_MODEL(UnmanagedFileSystemReference)
BATCHAI_MODEL(MountVolumes)

}  // namespace batchai::inline v1
