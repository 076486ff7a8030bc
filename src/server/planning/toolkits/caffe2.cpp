#include "server/planning/job_command.hpp"
#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/launch.hpp"

namespace batchai::server {

namespace {

void complete(const std::string& target, Caffe2Settings& settings, const JobSize&) {
  check_script(target, settings.python_script_file_path);
}

ToolkitPlan plan(const Caffe2Settings& settings, const ToolkitContext& context) {
  return plan_ranks(
      context, context.node_count(),
      script_command(settings.python_interpreter_path, settings.python_script_file_path, settings.command_line_args));
}

}  // namespace

Toolkit caffe2_toolkit() {
  return ToolkitRow<Caffe2Settings>{"caffe2Settings",      ToolType::kCaffe2, &JobCreateParameters::caffe2_settings,
                                    &Job::caffe2_settings, complete,          plan};
}

}  // namespace batchai::server
