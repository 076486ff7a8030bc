#pragma once

#include "cli/jobs/job_ref.hpp"

#include <cstddef>
#include <optional>

namespace batchai::cli {

struct LogChoice {
  /// Of the preparation and of every process, not only of the first one.
  bool all = false;
  /// Waits for what is still to come, until the job's end.
  bool follow = false;
  /// Of each file, the last lines only.
  std::optional<std::size_t> tail = {};
  /// Only files that were written to since then.
  std::optional<Timestamp> since = {};
};

/// Prints the logs of a job: standard output of its processes to stdout, standard error to stderr. Where there may be
/// more than one process, each line has its name before it.
void print_logs(const JobRef& ref, const LogChoice& choice, const Context& context);

}  // namespace batchai::cli
