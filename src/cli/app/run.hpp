#pragma once

#include "cli/app/context.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// The whole program except its surroundings: finds the command in `words` (without the program's name), runs it and
/// prints its result. Never throws; returns the exit code.
int run_program(CommandTree tree, const std::vector<std::string>& words, Host& host);

}  // namespace batchai::cli
