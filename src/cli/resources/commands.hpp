#pragma once

#include "cli/frame/command.hpp"

#include <vector>

namespace batchai::cli {

std::vector<CommandSpec> group_commands();
std::vector<CommandSpec> provider_commands();
std::vector<CommandSpec> workspace_commands();
std::vector<CommandSpec> cluster_commands();
std::vector<CommandSpec> experiment_commands();

}  // namespace batchai::cli
