#pragma once

#include "server/planning/job_plan.hpp"

#include <optional>
#include <string>

namespace batchai::server {

/// What the preparation of a node is planned from. Refers to the cluster, which must outlive the call.
struct NodePlanInput {
  /// With account keys and the values of secrets.
  const Cluster& cluster;
  /// `stdOutErrPathSuffix` of the setup task: where its logs go, below its prefix.
  std::string output_suffix;
  /// Becomes RunPlan::run_id.
  std::string run_id;
  JobNode node;
  AccountResolver accounts;
  FileServerResolver file_servers = nullptr;
  /// As in JobPlanInput.
  std::optional<RunSandbox> sandbox = {};
  RunLimits limits = {};
};

/// Looks whether the cluster's volumes can be mounted on the node, and plans its setup task; nothing if it has none.
/// The task's files are `stdout-{node id}.txt`, `stderr-{node id}.txt` and `execution-{node id}.log`. Throws
/// JobPlanError.
std::optional<RunPlan> plan_node(const NodePlanInput& input);

}  // namespace batchai::server
