#pragma once

#include "cli/app/pauses.hpp"
#include "cli/jobs/job_place.hpp"

namespace batchai::cli {

/// Follows a job to its end and tells on stderr what becomes of it. Returns exit_code_of() the job. Ctrl-C throws
/// Interrupted: the job goes on.
int wait_for_job(const JobPlace& place, Pauses pauses, const Context& context);

/// Tells how a finished job ended, with its errors.
void tell_end(const Job& job, const Context& context);

}  // namespace batchai::cli
