#pragma once

#include "batchai/models/volumes.hpp"
#include "server/planning/job_plan.hpp"
#include "server/records/store.hpp"
#include "server/run/node_provider.hpp"

#include <filesystem>
#include <vector>

/// From the ids in volumes to the file servers.
namespace batchai::server {

/// The folder of a file server.
std::filesystem::path file_server_folder(const Document& file_server, const NodeProvider& provider);

/// The file servers that volumes name, for a new cluster or job; they may lie in another workspace. Throws ServiceFault
/// 404 `FileServerNotFound`, and 409 for one that is being deleted or could not be made.
std::vector<Document> require_file_servers(Transaction& transaction, const MountVolumes& volumes);

/// Finds the folders of file servers that are ready. Both must outlive it.
FileServerResolver hosted_file_servers(Store& store, const NodeProvider& provider);

}  // namespace batchai::server
