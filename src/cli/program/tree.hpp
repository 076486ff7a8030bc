#pragma once

#include "cli/frame/command.hpp"

namespace batchai::cli {

/// All commands of the program.
CommandTree command_tree();

}  // namespace batchai::cli
