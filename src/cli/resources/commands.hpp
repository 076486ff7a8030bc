#pragma once

#include "cli/frame/command.hpp"

#include <vector>

namespace batchai::cli {

std::vector<CommandSpec> group_commands();
std::vector<CommandSpec> provider_commands();
std::vector<CommandSpec> workspace_commands();
std::vector<CommandSpec> cluster_commands();
/// `node list` and `node exec`, part of cluster_commands().
std::vector<CommandSpec> cluster_node_commands();
/// `file list`, part of cluster_commands().
std::vector<CommandSpec> cluster_file_commands();
std::vector<CommandSpec> experiment_commands();

}  // namespace batchai::cli
