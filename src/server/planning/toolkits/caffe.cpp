#include "server/faults/refusal.hpp"
#include "server/planning/job_command.hpp"
#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/launch.hpp"

namespace batchai::server {

namespace {

void complete(const std::string& target, CaffeSettings& settings, const JobSize& size) {
  if (is_given(settings.config_file_path) == is_given(settings.python_script_file_path)) {
    throw invalid_content(target, target + ": exactly one of configFilePath and pythonScriptFilePath is needed");
  }
  if (is_given(settings.config_file_path)) {
    refuse_given(target + ".pythonInterpreterPath", settings.python_interpreter_path, "only with a Python script");
  }
  complete_process_count(target, settings.process_count, size.node_count);
}

ToolkitPlan plan(const CaffeSettings& settings, const ToolkitContext& context) {
  if (!settings.config_file_path) {
    return plan_mpi(context, settings.process_count,
                    script_command(settings.python_interpreter_path, settings.python_script_file_path.value_or(""),
                                   settings.command_line_args));
  }
  const auto command = "caffe train --solver=" + shell_path(*settings.config_file_path);
  return plan_mpi(context, settings.process_count,
                  settings.command_line_args ? command + " " + *settings.command_line_args : command);
}

}  // namespace

Toolkit caffe_toolkit() {
  return ToolkitRow<CaffeSettings>{"caffeSettings",      ToolType::kCaffe, &JobCreateParameters::caffe_settings,
                                   &Job::caffe_settings, complete,         plan};
}

}  // namespace batchai::server
