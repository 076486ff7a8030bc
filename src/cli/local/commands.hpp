#pragma once

#include "cli/frame/command.hpp"

#include <vector>

namespace batchai::cli {

std::vector<CommandSpec> local_commands();

}  // namespace batchai::cli
