#pragma once

#include "cli/app/context.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// The program: its commands, and two internal calls. `__complete WORD...` answers the scripts for
/// shells; `__docs markdown|man FOLDER` writes the manual. Never throws; returns the exit code.
int run_batchai(const std::vector<std::string>& words, Host& host);

}  // namespace batchai::cli
