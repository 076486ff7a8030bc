#pragma once

#include "server/planning/job_expand.hpp"

#include <optional>
#include <string>

namespace batchai::server {

/// A path that the user gave, as one word of a shell command in which variables are expanded. Text that has quotes of
/// its own or begins with `~` is the user's shell source and stays as it is.
std::string shell_path(const std::string& text);

/// `interpreter script arguments`. Without an interpreter: `python`, or `python3` on a node without that.
std::string script_command(const std::optional<std::string>& interpreter, const std::string& script,
                           const std::optional<std::string>& arguments);

/// The variables that scripts expect from mpirun, for a single process.
Variables one_process_environment();

}  // namespace batchai::server
