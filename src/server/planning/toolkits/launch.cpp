#include "server/planning/toolkits/launch.hpp"

#include "server/planning/job_command.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

int slots(int count, const ToolkitContext& context) {
  return (count + context.node_count() - 1) / context.node_count();
}

}  // namespace

int process_count(const std::optional<std::int32_t>& count, const ToolkitContext& context) {
  return std::max(count.value_or(context.node_count()), 1);
}

ToolkitPlan plan_mpi(const ToolkitContext& context, const std::optional<std::int32_t>& count,
                     const std::string& command) {
  const int processes = process_count(count, context);
  if (processes == 1) {  // needs no MPI runtime
    return {.processes = {{.name = "main", .command = command}}, .environment = one_process_environment()};
  }
  return {
      .processes = {{.name = "main", .command = context.provider.mpi_command(processes, command, context.programs)}},
      .slots = slots(processes, context),
      .uses_mpi = true};
}

ToolkitPlan plan_ranks(const ToolkitContext& context, int count, const std::string& command) {
  ToolkitPlan plan{.slots = slots(count, context), .ends_on_failure = true};
  for (int rank = 0; rank < count; ++rank) {
    const auto index = std::to_string(rank);
    plan.processes.push_back({.name = "rank-" + index,
                              .node = static_cast<std::size_t>(rank / plan.slots),
                              .command = command,
                              .environment = {{"AZ_BATCHAI_TASK_INDEX", index}},
                              .log_tag = index});
  }
  return plan;
}

}  // namespace batchai::server
