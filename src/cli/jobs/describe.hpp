#pragma once

#include "cli/jobs/job_ref.hpp"

namespace batchai::cli {

/// Prints what there is to know of a job, for people: to stdout.
void describe_job(const JobRef& ref, const Context& context);

}  // namespace batchai::cli
