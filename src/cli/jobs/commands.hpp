#pragma once

#include "cli/frame/command.hpp"

#include <vector>

namespace batchai::cli {

std::vector<CommandSpec> job_commands();
/// `file list`, `file stream` and `file download`, part of job_commands().
std::vector<CommandSpec> job_file_commands();

}  // namespace batchai::cli
