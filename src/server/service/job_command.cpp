#include "server/service/job_command.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

/// Every exported variable of the shell but those that belong to the shell or to mpirun itself.
constexpr std::string_view kExportAll =
    R"($(compgen -e | grep -Ev '^(_|PWD|OLDPWD|SHLVL|OMPI_.*|PMIX_.*)$' | sed 's/^/-x /'))";

}  // namespace

std::string shell_quote(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return result + "'";
}

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

std::string mpi_command(int count, const std::string& command) {
  if (count == 1) {
    return command;
  }
  return "mpirun -n " + std::to_string(count) + " --hostfile \"$AZ_BATCHAI_MPI_HOST_FILE\" " + std::string(kExportAll) +
         " /bin/bash -c " + shell_quote(command);
}

bool on_one_machine(const std::vector<JobNode>& nodes) {
  return std::ranges::all_of(nodes, [](const JobNode& node) { return node.address.starts_with("127."); });
}

Variables mpi_environment(int count, const std::vector<JobNode>& nodes, const std::filesystem::path& launch_agent) {
  Variables result{{"OMPI_ALLOW_RUN_AS_ROOT", "1"}, {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"}};
  if (count == 1) {
    result.insert({{"OMPI_COMM_WORLD_RANK", "0"},
                   {"OMPI_COMM_WORLD_SIZE", "1"},
                   {"OMPI_COMM_WORLD_LOCAL_RANK", "0"},
                   {"OMPI_COMM_WORLD_LOCAL_SIZE", "1"}});
  }
  if (nodes.size() > 1 && on_one_machine(nodes)) {
    // Shared memory is left out: its names clash between several daemons on one machine.
    result.insert({{"OMPI_MCA_plm_rsh_agent", "sh " + launch_agent.string()},
                   {"OMPI_MCA_btl", "self,tcp"},
                   {"OMPI_MCA_btl_tcp_if_include", "lo"},
                   {"OMPI_MCA_oob_tcp_if_include", "lo"}});
  }
  return result;
}

}  // namespace batchai::server
