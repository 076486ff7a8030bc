#pragma once

#include "server/planning/job_expand.hpp"
#include "server/planning/job_scripts.hpp"

#include <optional>
#include <string>

namespace batchai::server {

/// A path that the user gave, as one word of a shell command in which variables are expanded. Text that has quotes of
/// its own or begins with `~` is the user's shell source and stays as it is.
std::string shell_path(const std::string& text);

/// `interpreter script arguments`. Without an interpreter: `python`, or `python3` on a node without that.
std::string script_command(const std::optional<std::string>& interpreter, const std::string& script,
                           const std::optional<std::string>& arguments);

/// The command in `count` ranks on the nodes of the host file; for one process the command itself, so that it needs no
/// MPI runtime. Every rank has a shell of its own: the command may use the variables of its rank and node.
std::string mpi_command(int count, const std::string& command, const JobPrograms& programs);

/// What scripts expect of mpirun, for a process that is the only one.
Variables one_process_environment();

/// What OpenMPI and gloo need where all nodes are addresses of one machine and the user may be root.
Variables communication_environment();

}  // namespace batchai::server
