#include "server/faults/common_rules.hpp"
#include "server/planning/toolkits/toolkit.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

void complete(const std::string& target, CustomToolkitSettings& settings, const JobSize&) {
  require_text(target + ".commandLine", settings.command_line.value_or(""));
}

/// On the master only; such jobs fan out by themselves, with ssh or mpirun.
ToolkitPlan plan(const CustomToolkitSettings& settings, const ToolkitContext& context) {
  return {.processes = {{.name = "main", .command = settings.command_line.value_or("")}},
          .slots = std::max(context.nodes.front().gpus, 1)};
}

}  // namespace

Toolkit custom_toolkit() {
  return ToolkitRow<CustomToolkitSettings>{
      "customToolkitSettings",       ToolType::kCustom, &JobCreateParameters::custom_toolkit_settings,
      &Job::custom_toolkit_settings, complete,          plan};
}

}  // namespace batchai::server
