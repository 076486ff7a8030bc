#pragma once

#include "batchai/core/time.hpp"
#include "cli/jobs/job_ref.hpp"

#include <functional>
#include <optional>
#include <string>

namespace batchai::cli {

/// What is reported of a job on stderr.
enum class Report {
  /// Its changes and its end; of one that has failed also the last lines that it printed.
  kAll,
  /// The same, with all that a job that has failed has printed.
  kAllWithLog,
  /// Its end, where the output of its first process was streamed; of one that has failed also the last lines of what
  /// most likely says why, if that is another log.
  kEnd
};

/// `2018-06-21T17:15:18.288Z`, always with milliseconds so that lines are aligned.
std::string moment_text(Timestamp time);
/// Code, message and details of what went wrong in a job, the details in lines of their own.
std::string error_text(const BatchAiError& error);

/// Follows a job to its end and reports its changes. Returns exit_code_of() the job. Throws as
/// follow_job().
int wait_for_job(const JobRef& ref, std::optional<Duration> interval, Report report, const Context& context);

/// Calls `follow`, which looks at the job until its end and says when the service has answered. Ctrl-C and the end of
/// --timeout become errors that say that the job goes on.
void follow_job(const JobRef& ref, const Context& context, const std::function<void(bool& reached)>& follow);

}  // namespace batchai::cli
