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
/// `node logs`, part of cluster_commands().
std::vector<CommandSpec> cluster_node_log_commands();
/// `file list`, part of cluster_commands().
std::vector<CommandSpec> cluster_file_commands();
std::vector<CommandSpec> experiment_commands();
std::vector<CommandSpec> file_server_commands();
std::vector<CommandSpec> storage_commands();
std::vector<CommandSpec> usages_commands();
std::vector<CommandSpec> operation_commands();

}  // namespace batchai::cli
