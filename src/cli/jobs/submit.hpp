#pragma once

#include "batchai/models/job.hpp"
#include "cli/app/result.hpp"
#include "cli/jobs/job_ref.hpp"
#include "cli/jobs/wait.hpp"

#include <string_view>
#include <vector>

namespace batchai::cli {

/// Throws CommandError when there is a job of that name.
void refuse_existing_job(const JobRef& ref, const Context& context);

/// --wait, --stream and --log-failed.
std::vector<OptionSpec> submit_options();

/// For waits that may end with a job that has failed.
OptionSpec log_failed_option(std::string_view summary);
/// What a wait for a job's end reports.
Report wait_report(const Arguments& arguments);

/// Creates the job and, as the options say, waits for its end; then the exit code is the job's.
Result submit_job(const JobRef& ref, const JobCreateParameters& parameters, const Arguments& arguments,
                  const Context& context);

/// The hint with the command that shows the job.
std::string show_job_hint(const JobRef& ref);

}  // namespace batchai::cli
