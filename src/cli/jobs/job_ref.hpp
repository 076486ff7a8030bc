#pragma once

#include "batchai/batchai/jobs.hpp"
#include "batchai/models/job.hpp"
#include "cli/app/context.hpp"

#include <string>

namespace batchai::cli {

/// Which job is meant.
struct JobRef {
  std::string group;
  std::string workspace;
  std::string experiment;
  std::string job;

  /// `name`: the option that holds the job's name, `name` or `job`.
  static JobRef of(const Arguments& arguments, std::string_view name);
  /// `-g … -w … -e …`, for hints.
  std::string options() const;
};

Job get_job(const JobRef& ref, const Context& context);
/// The job after `last`: see JobsClient::get_next().
JobSnapshot get_next_job(const JobRef& ref, const JobSnapshot& last, const Context& context);
bool is_finished(const Job& job);
/// Its state and, where the service says so, what a queued job waits for: `queued (Resources)`.
std::string state_text(const Job& job);

/// What the program's exit code is to be: 0 for success, else the job's own exit code modulo 256, 255 where it has none
/// (or none that means a failure).
int exit_code_of(const Job& job);

}  // namespace batchai::cli
