#include "server/planning/job_command.hpp"

namespace batchai::server {

std::string shell_path(const std::string& text) {
  const bool is_source = text.find_first_of("'\"\\`") != std::string::npos || text.starts_with('~');
  return is_source ? text : "\"" + text + "\"";
}

std::string script_command(const std::optional<std::string>& interpreter, const std::string& script,
                           const std::optional<std::string>& arguments) {
  std::string command = R"sh("$(command -v python || command -v python3 || echo python)")sh";
  if (interpreter && !interpreter->empty()) {
    // A blank is more likely to begin an option, as in `python -u`, than to be part of the path.
    command = interpreter->find(' ') == std::string::npos ? shell_path(*interpreter) : *interpreter;
  }
  command += " " + shell_path(script);
  return arguments && !arguments->empty() ? command + " " + *arguments : command;
}

Variables one_process_environment() {
  return {{"OMPI_COMM_WORLD_RANK", "0"},
          {"OMPI_COMM_WORLD_SIZE", "1"},
          {"OMPI_COMM_WORLD_LOCAL_RANK", "0"},
          {"OMPI_COMM_WORLD_LOCAL_SIZE", "1"}};
}

}  // namespace batchai::server
