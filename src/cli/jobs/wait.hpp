#pragma once

#include "batchai/core/time.hpp"
#include "cli/jobs/job_ref.hpp"

#include <functional>
#include <optional>

namespace batchai::cli {

/// What is reported of a job on stderr.
enum class Report { kAll, kEnd };

/// Follows a job to its end and reports its changes. Returns exit_code_of() the job. Throws as
/// follow_job().
int wait_for_job(const JobRef& ref, std::optional<Duration> interval, Report report, const Context& context);

/// Calls `follow`, which looks at the job until its end and says when the service has answered. Ctrl-C and the end of
/// --timeout become errors that say that the job goes on.
void follow_job(const JobRef& ref, const Context& context, const std::function<void(bool& reached)>& follow);

}  // namespace batchai::cli
