#pragma once

#include "batchai/batchai/jobs.hpp"
#include "batchai/models/job.hpp"
#include "cli/app/context.hpp"

#include <string>

namespace batchai::cli {

/// `name`: the option that holds the job's name, `name` or `job`.
JobRef job_of(const Arguments& arguments, std::string_view name);
/// `-g … -w … -e …`, for hints.
std::string options_of(const JobRef& ref);

Job get_job(const JobRef& ref, const Context& context);
/// Its state and, where the service says so, what a queued job waits for: `queued (Resources)`.
std::string state_text(const Job& job);

/// What the program's exit code is to be: 0 for success, else the job's own exit code modulo 256, 255 where it has none
/// (or none that means a failure).
int exit_code_of(const Job& job);

}  // namespace batchai::cli
