#pragma once

#include "cli/frame/command.hpp"

#include <string_view>
#include <vector>

namespace batchai::cli {

/// The model of jobs, as results name it.
inline constexpr std::string_view kJobType = "Job";

std::vector<CommandSpec> job_commands();
/// Columns of jobs in tables.
std::span<const Column> job_columns();

/// `file list`, `file stream` and `file download`, part of job_commands().
std::vector<CommandSpec> job_file_commands();
/// `node list` and `node exec`, part of job_commands().
std::vector<CommandSpec> job_node_commands();
/// `logs` and `describe`, part of job_commands().
std::vector<CommandSpec> job_log_commands();
/// `resubmit`, part of job_commands().
std::vector<CommandSpec> job_resubmit_commands();

}  // namespace batchai::cli
