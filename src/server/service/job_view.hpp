#pragma once

#include "server/service/job_expand.hpp"
#include "server/service/job_plan.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

/// Folders that a job has on a node.
struct JobFolders {
  std::filesystem::path mounts;
  std::filesystem::path job;
  std::filesystem::path job_mounts;
  /// Parent of `temp`; emptied when the node starts a job.
  std::filesystem::path temp_root;
  std::filesystem::path temp;
  std::filesystem::path home;
};

JobFolders job_folders(const JobPlanInput& input, const JobNode& node);

/// A job as one of its nodes sees it: paths are that node's.
struct JobView {
  JobFolders folders;
  std::filesystem::path stdouterr;
  /// Ids and expanded paths.
  std::vector<std::pair<std::string, std::filesystem::path>> outputs;
  /// All variables of this node, the user's included; of the secrets, too.
  Variables environment;
};

/// Throws std::out_of_range if there is no such node.
JobView job_view(const JobPlanInput& input, std::size_t node);

/// Text of the host file: a line `address slots=n` per node.
std::string host_file(const std::vector<JobNode>& nodes, int slots);

}  // namespace batchai::server
