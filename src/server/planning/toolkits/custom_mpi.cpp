#include "server/faults/common_rules.hpp"
#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/launch.hpp"

namespace batchai::server {

namespace {

void complete(const std::string& target, CustomMpiSettings& settings, const JobSize& size) {
  require_text(target + ".commandLine", settings.command_line);
  complete_process_count(target, settings.process_count, size.node_count);
}

ToolkitPlan plan(const CustomMpiSettings& settings, const ToolkitContext& context) {
  return plan_mpi(context, settings.process_count, settings.command_line);
}

}  // namespace

Toolkit custom_mpi_toolkit() {
  return ToolkitRow<CustomMpiSettings>{"customMpiSettings",
                                       ToolType::kCustomMpi,
                                       &JobCreateParameters::custom_mpi_settings,
                                       &Job::custom_mpi_settings,
                                       complete,
                                       plan};
}

}  // namespace batchai::server
