#pragma once

#include "batchai/models/volumes.hpp"
#include "server/planning/job_expand.hpp"
#include "server/planning/job_plan.hpp"

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

/// Of the cluster and of the job; empty where there are none.
MountVolumes volumes_of(const Cluster& cluster);
MountVolumes volumes_of(const Job& job);

JobFolders job_folders(const JobPlanInput& input, const JobNode& node);

/// A job as one of its nodes sees it: paths are that node's.
struct NodeView {
  JobFolders folders;
  std::filesystem::path stdouterr;
  /// Ids and expanded paths.
  std::vector<std::pair<std::string, std::filesystem::path>> outputs;
  /// What the service sets on this node, whatever the toolkit.
  Variables variables;
};

/// Throws std::out_of_range if there is no such node.
NodeView node_view(const JobPlanInput& input, std::size_t node);

/// Adds the user's variables and secrets to those that the service sets for a process.
Variables with_user_variables(const Job& job, Variables service);

/// Text of the host file: a line `host slots=n` per node.
std::string host_file(const std::vector<JobNode>& nodes, int slots, const NodeProvider& provider);

}  // namespace batchai::server
