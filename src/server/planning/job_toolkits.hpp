#pragma once

#include "server/planning/job_expand.hpp"
#include "server/planning/job_plan.hpp"
#include "server/run/node_provider.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace batchai::server {

/// One process of a toolkit, before paths and the common environment are added.
struct ToolkitProcess {
  /// Name in the execution log.
  std::string name;
  std::size_t node = 0;
  /// Bash source text.
  std::string command;
  Variables environment = {};
  /// `wk-0` of `stdout-wk-0.txt`; empty for `stdout.txt`.
  std::string log_tag = {};
  bool determines_exit = true;
};

struct ToolkitPlan {
  std::vector<ToolkitProcess> processes;
  /// For preparation and processes, on all nodes.
  Variables environment = {};
  /// Processes per node, for the host file.
  int slots = 1;
  /// As in RunPlan.
  bool ends_on_failure = false;
};

/// Where a toolkit runs.
struct ToolkitContext {
  const std::vector<JobNode>& nodes;
  /// The folder that all nodes see.
  const std::filesystem::path& shared_temp;
  /// Folder of NodeProvider::programs().
  const std::filesystem::path& programs;
  const NodeProvider& provider;
};

/// What the toolkit of a job runs. Throws JobPlanError if the job has no toolkit.
ToolkitPlan plan_toolkit(const Job& job, const ToolkitContext& context);

}  // namespace batchai::server
