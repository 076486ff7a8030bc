#pragma once

#include "batchai/models/job.hpp"
#include "server/planning/job_expand.hpp"
#include "server/planning/job_plan.hpp"
#include "server/run/node_provider.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
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
  /// The first one that determines the exit is the main one: `job create --stream` shows its output. The client finds
  /// it by its name, so its log tag is empty or ends in the number 0.
  std::vector<ToolkitProcess> processes;
  /// For preparation and processes, on all nodes.
  Variables environment = {};
  /// Processes per node, for the host file.
  int slots = 1;
  /// As in RunPlan.
  bool ends_on_failure = false;
  /// Whether NodeProvider::mpi_command() is among the commands.
  bool uses_mpi = false;
};

/// The nodes and folders that a toolkit runs on.
struct ToolkitContext {
  const std::vector<JobNode>& nodes;
  /// The folder that all nodes see.
  const std::filesystem::path& shared_temp;
  /// Folder of NodeProvider::programs().
  const std::filesystem::path& programs;
  const NodeProvider& provider;

  int node_count() const { return static_cast<int>(nodes.size()); }
};

/// What a toolkit's checks may need besides its settings.
struct JobSize {
  std::int32_t node_count = 1;
  int gpus_per_node = 0;
};

/// A row of the table of toolkits; each has a file of its own.
template <class Settings>
struct ToolkitRow {
  /// Member of the job's properties, as `tensorFlowSettings`.
  std::string_view member;
  /// `toolType` of its jobs.
  std::string_view tool_type;
  std::optional<Settings> JobCreateParameters::*requested;
  std::optional<Settings> Job::*stored;
  /// Fills in the defaults of a new job. Throws ServiceFault 400; `target` is the path of the settings, for its
  /// messages.
  void (*complete)(const std::string& target, Settings& settings, const JobSize& size);
  /// What the settings, completed, run. Throws JobPlanError.
  ToolkitPlan (*plan)(const Settings& settings, const ToolkitContext& context);
};

/// A row, whatever its settings are.
struct Toolkit {
  template <class Settings>
  Toolkit(const ToolkitRow<Settings>& row)  // NOLINT(google-explicit-constructor): a row is a toolkit
      : member(row.member),
        tool_type(row.tool_type),
        is_requested([row](const JobCreateParameters& job) { return (job.*row.requested).has_value(); }),
        complete([row](JobCreateParameters& job, int gpus_per_node) {
          row.complete("properties." + std::string(row.member), *(job.*row.requested),
                       {job.node_count.value_or(0), gpus_per_node});
        }),
        is_of([row](const Job& job) { return (job.*row.stored).has_value(); }),
        plan([row](const Job& job, const ToolkitContext& context) { return row.plan(*(job.*row.stored), context); }) {}

  std::string_view member;
  std::string_view tool_type;
  std::function<bool(const JobCreateParameters& job)> is_requested;
  /// For a job that is_requested() is true for.
  std::function<void(JobCreateParameters& job, int gpus_per_node)> complete;
  std::function<bool(const Job& job)> is_of;
  /// For a job that is_of() is true for.
  std::function<ToolkitPlan(const Job& job, const ToolkitContext& context)> plan;
};

}  // namespace batchai::server
