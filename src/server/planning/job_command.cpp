#include "server/planning/job_command.hpp"

#include "core/shell_quote.hpp"

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

std::string mpi_command(int count, const std::string& command, const JobPrograms& programs) {
  if (count == 1) {
    return command;
  }
  return shell_quote((programs.folder / "mpi-launch").string()) + " " + std::to_string(count) + " " +
         shell_quote(command);
}

Variables one_process_environment() {
  return {{"OMPI_COMM_WORLD_RANK", "0"},
          {"OMPI_COMM_WORLD_SIZE", "1"},
          {"OMPI_COMM_WORLD_LOCAL_RANK", "0"},
          {"OMPI_COMM_WORLD_LOCAL_SIZE", "1"}};
}

Variables communication_environment() {
  return {// Otherwise gloo looks up the machine's name, which may lead anywhere.
          {"GLOO_SOCKET_IFNAME", "lo"},
          {"OMPI_ALLOW_RUN_AS_ROOT", "1"},
          {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
          // Shared memory is left out: its names clash between several daemons on one machine.
          {"OMPI_MCA_btl", "self,tcp"},
          {"OMPI_MCA_btl_tcp_if_include", "lo"},
          {"OMPI_MCA_oob_tcp_if_include", "lo"},
          // Each daemon would bind its ranks to the first cores, and they would wait for messages busily.
          {"OMPI_MCA_hwloc_base_binding_policy", "none"},
          {"OMPI_MCA_mpi_yield_when_idle", "1"}};
}

}  // namespace batchai::server
