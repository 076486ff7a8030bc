#include "server/planning/job_command.hpp"
#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/launch.hpp"

namespace batchai::server {

namespace {

void complete(const std::string& target, HorovodSettings& settings, const JobSize& size) {
  complete_script(target, settings, size.node_count);
}

ToolkitPlan plan(const HorovodSettings& settings, const ToolkitContext& context) {
  return plan_mpi(
      context, settings.process_count,
      script_command(settings.python_interpreter_path, settings.python_script_file_path, settings.command_line_args));
}

}  // namespace

Toolkit horovod_toolkit() {
  return ToolkitRow<HorovodSettings>{"horovodSettings",      ToolType::kHorovod, &JobCreateParameters::horovod_settings,
                                     &Job::horovod_settings, complete,           plan};
}

}  // namespace batchai::server
