#pragma once

#include "cli/frame/command.hpp"

#include <vector>

namespace batchai::cli {

/// `status`.
std::vector<CommandSpec> status_commands();

}  // namespace batchai::cli
