#pragma once

#include "cli/jobs/job_place.hpp"

#include <optional>

namespace batchai::cli {

/// Follows a job to its end and tells on stderr what becomes of it. `interval` is the time between two looks; nothing:
/// a second at first, then longer, up to 15. Returns exit_code_of() the job. Ctrl-C throws Interrupted: the job goes
/// on.
int wait_for_job(const JobPlace& place, std::optional<Duration> interval, const Context& context);

/// Tells how a finished job ended, with its errors.
void tell_end(const Job& job, const Context& context);

}  // namespace batchai::cli
