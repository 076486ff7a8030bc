#pragma once

#include "batchai/models/volumes.hpp"
#include "server/planning/job_plan.hpp"

#include <filesystem>
#include <vector>

namespace batchai::server {

/// What processes on the node with this folder see as `/tmp`: emptied when the node starts a job. Beside the node's
/// folder, since a job could put a link in place of all that is in there.
std::filesystem::path temporary_folder(const std::filesystem::path& node_folder);

/// Has them made.
void add_temporary_folders(const std::vector<JobNode>& nodes, RunPlan& plan);

/// Makes the folders of the nodes and those that the plan's mounts show writable in a view. Of a file server, in one
/// of `volumes`, it is the whole export: what a job has put in place of a folder in there must lead nowhere else.
void show_folders(RunSandbox& view, const RunPlan& plan, const std::vector<JobNode>& nodes,
                  const std::vector<MountVolumes>& volumes, const FileServerResolver& file_servers);

}  // namespace batchai::server
