#pragma once

#include "server/service/job_expand.hpp"
#include "server/service/job_plan.hpp"

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
  bool counts = true;
};

struct ToolkitPlan {
  std::vector<ToolkitProcess> processes;
  /// For preparation and processes, on all nodes.
  Variables environment = {};
  /// Processes per node, for the host file.
  int slots = 1;
};

/// What the toolkit of a job runs. `shared_temp` is the folder that all nodes see; `launch_agent` the place of the
/// script launch_agent_text(), for OpenMPI. Throws JobPlanError if the job has no toolkit.
ToolkitPlan plan_toolkit(const Job& job, const std::vector<JobNode>& nodes, const std::filesystem::path& shared_temp,
                         const std::filesystem::path& launch_agent);

/// Stands in for ssh when OpenMPI starts its daemons on nodes that are all this machine: leaves out the host name.
std::string launch_agent_text();

}  // namespace batchai::server
