#pragma once

#include "cli/frame/command.hpp"

#include <vector>

namespace batchai::cli {

/// `run`, a command by itself.
std::vector<CommandSpec> run_commands();

}  // namespace batchai::cli
