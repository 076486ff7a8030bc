#pragma once

#include "cli/frame/command.hpp"

namespace batchai::cli {

std::vector<CommandSpec> completion_commands();

}  // namespace batchai::cli
