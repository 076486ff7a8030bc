#pragma once

#include "server/service/job_expand.hpp"
#include "server/service/job_plan.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// Turns the text into one word of a shell command, nothing in it being expanded.
std::string shell_quote(std::string_view text);

/// A path that the user gave, as one word of a shell command in which variables are expanded. Text that has quotes of
/// its own or begins with `~` is the user's shell source and stays as it is.
std::string shell_path(const std::string& text);

/// `interpreter script arguments`. Without an interpreter: `python`, or `python3` on a node without that.
std::string script_command(const std::optional<std::string>& interpreter, const std::string& script,
                           const std::optional<std::string>& arguments);

/// The command in `count` processes through mpirun; for one process the command itself. Every rank has a shell of its
/// own, so that the command may use the variables of its rank.
std::string mpi_command(int count, const std::string& command);

/// What OpenMPI needs: consent to run as root, a way to reach the nodes when they are all addresses of this machine.
/// For one process also the variables that scripts expect of mpirun.
Variables mpi_environment(int count, const std::vector<JobNode>& nodes, const std::filesystem::path& launch_agent);

/// Whether all nodes are addresses of this machine (127.0.0.0/8).
bool on_one_machine(const std::vector<JobNode>& nodes);

}  // namespace batchai::server
