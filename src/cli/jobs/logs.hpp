#pragma once

#include "batchai/batchai/job_output.hpp"
#include "cli/jobs/job_ref.hpp"
#include "cli/jobs/wait.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace batchai::cli {

/// One of the files that the processes of a job print to.
struct JobLog {
  /// As it is on disk.
  std::string name;
  /// Whether it is standard error.
  bool errors = false;
  /// Whose: `0`, `wk-1`, `job_prep`, `job_prep-tvm-…`; empty where the job has one process.
  std::string process = {};
  /// In bytes.
  std::uint64_t size = 0;
  std::optional<Timestamp> last_modified = {};

  bool of_preparation() const { return process.starts_with("job_prep"); }
};

/// Of the files in `stdouterr`, those that processes print to, sorted by name within: preparation, the first process,
/// others; of each process standard output before standard error.
std::vector<JobLog> find_logs(const std::vector<File>& files);

/// Those of the first process; where it has none, those of the preparation.
std::vector<JobLog> main_logs(std::vector<JobLog> logs);

/// Those of a job. Throws as a request does: ServiceError 400 where the output is not in a mounted folder.
std::vector<JobLog> list_logs(const JobRef& ref, const Context& context);

struct LogTail {
  /// Where it begins, in bytes.
  std::uint64_t begin = 0;
  std::string text = {};
};

/// The last lines of a log, as far as they are in its last 64 KiB, or in as many KiB as `lines` where that is more.
/// What was drawn over (`\r`) at their beginning is left out.
LogTail tail_of(const JobRef& ref, const JobLog& log, std::size_t lines, const Context& context);

/// The log that most likely says why a job has failed: standard error of its preparation, if that has failed, of its
/// first process or of another, else standard output; the first that is not empty. Null where all are.
const JobLog* log_of_failure(const Job& job, const std::vector<JobLog>& logs);

/// On stderr: what `report` says of log_of_failure(), and the command that prints all logs. What hinders that is told
/// with --verbose only.
void tell_failure(const JobRef& ref, const Job& job, Report report, const Context& context);

/// `batchai job logs -g … -w … -e … -n …`
std::string logs_command(const JobRef& ref);

}  // namespace batchai::cli
