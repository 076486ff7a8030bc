#pragma once

#include "server/run/node_provider.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// Programs that engines put in front of the PATH of a job's processes, all in one folder.
namespace batchai::server {

/// A node that programs of a job can lead to.
struct ReachableNode {
  /// What it is called.
  std::vector<std::string> hosts;
  /// Shell source that sets its variables.
  std::string variables;
};

/// Shell source of a function `set_variables HOST`, which sets those of the node that is called so, and fails where
/// none is.
std::string variables_by_host(const std::vector<ReachableNode>& nodes);

/// `ssh`: sets the variables of one of the nodes, and goes on with `reach`, shell source with the command as its
/// arguments, `host` and `here` (the folder) set; leads to all other hosts as the real one.
RunFile ssh_program(const std::filesystem::path& folder, const std::vector<ReachableNode>& nodes,
                    const std::string& reach);

/// `mpi-launch COUNT COMMAND`: mpirun with the host file of the job. Ends with the exit code of the first rank that
/// failed: mpirun does not always do so.
RunFile mpi_launcher(const std::filesystem::path& folder);
/// `mpi-rank COMMAND`, which each rank is; `preamble` is shell source that it begins with.
RunFile mpi_rank(const std::filesystem::path& folder, const std::string& preamble);
/// Shell command that has mpi_launcher() run `command` in `count` ranks.
std::string mpi_launch_command(int count, const std::string& command, const std::filesystem::path& folder);

/// Shell source that sets those variables of a node that are not the same on all nodes: secrets are the same for all
/// and are in none.
std::string variables_of_node(const ProgramNode& node, const std::vector<ProgramNode>& all);

}  // namespace batchai::server
