#include "batchai/core/http.hpp"
#include "server/faults/common_rules.hpp"
#include "server/faults/refusal.hpp"
#include "server/planning/job_command.hpp"
#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/launch.hpp"

namespace batchai::server {

namespace {

// An absent language follows from the one file that is given.
void complete(const std::string& target, CntkSettings& settings, const JobSize& size) {
  const bool python = is_given(settings.python_script_file_path);
  if (python == is_given(settings.config_file_path)) {
    throw invalid_content(target, target + ": exactly one of pythonScriptFilePath and configFilePath is needed");
  }
  const std::string language = enum_or_default(target + ".languageType", settings.language_type.value_or(""),
                                               python ? std::vector<std::string_view>{"Python", "BrainScript"}
                                                      : std::vector<std::string_view>{"BrainScript", "Python"});
  if ((language == "Python") != python) {
    throw invalid_content(target + ".languageType", target + ".languageType: " + language + " does not go with " +
                                                        (python ? "pythonScriptFilePath" : "configFilePath"));
  }
  settings.language_type = language;
  if (!python) {
    refuse_given(target + ".pythonInterpreterPath", settings.python_interpreter_path, "only for the language Python");
  }
  complete_process_count(target, settings.process_count, size.node_count);
}

std::string command_of(const CntkSettings& settings) {
  const bool brain_script =
      settings.language_type ? iequals(*settings.language_type, "BrainScript") : settings.config_file_path.has_value();
  if (!brain_script) {
    return script_command(settings.python_interpreter_path, settings.python_script_file_path.value_or(""),
                          settings.command_line_args);
  }
  const auto command = "cntk configFile=" + shell_path(settings.config_file_path.value_or(""));
  return settings.command_line_args ? command + " " + *settings.command_line_args : command;
}

ToolkitPlan plan(const CntkSettings& settings, const ToolkitContext& context) {
  auto plan = plan_mpi(context, settings.process_count, command_of(settings));
  plan.environment["KERAS_BACKEND"] = "cntk";
  return plan;
}

}  // namespace

Toolkit cntk_toolkit() {
  return ToolkitRow<CntkSettings>{"cntkSettings",      ToolType::kCntk, &JobCreateParameters::cntk_settings,
                                  &Job::cntk_settings, complete,        plan};
}

}  // namespace batchai::server
