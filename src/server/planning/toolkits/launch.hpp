#pragma once

#include "server/planning/job_command.hpp"
#include "server/planning/toolkits/toolkit.hpp"

/// The two ways in which most toolkits start their processes.
namespace batchai::server {

/// As many as the settings say, else one per node.
int process_count(const std::optional<std::int32_t>& count, const ToolkitContext& context);

/// One launcher on the master that starts processes on all nodes.
ToolkitPlan plan_mpi(const ToolkitContext& context, const std::optional<std::int32_t>& count,
                     const std::string& command);

/// One process per rank, spread over the nodes in their order.
ToolkitPlan plan_ranks(const ToolkitContext& context, int count, const std::string& command);

/// A script under MPI and nothing else.
template <class Settings>
ToolkitPlan plan_mpi_script(const Settings& settings, const ToolkitContext& context) {
  return plan_mpi(
      context, settings.process_count,
      script_command(settings.python_interpreter_path, settings.python_script_file_path, settings.command_line_args));
}

}  // namespace batchai::server
