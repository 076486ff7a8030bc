#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What Slurm's commands print. Lines that are not of the expected form are left out.
namespace batchai::server {

/// A line of squeue.
struct QueuedJob {
  std::string id;
  /// As `PENDING`.
  std::string state;
  /// Why it waits, as `Resources`.
  std::string reason;
  std::string comment;
};

/// Format of squeue that read_queue() reads.
inline constexpr const char* kQueueFormat = "%i|%T|%k|%r";
std::vector<QueuedJob> read_queue(std::string_view text);

/// A node in a partition: a line of sinfo.
struct SlurmNode {
  std::string name;
  std::string partition;
  bool in_default_partition = false;
  /// In lower case, as `idle` or `down`; the flags that sinfo adds are taken off.
  std::string state;
  /// Whether the controller has not heard of it for a while.
  bool unresponsive = false;
  /// Whether it is being powered up, configured or booted for a job.
  bool gets_ready = false;
  int cpus = 1;
  /// Longest time of a job, in minutes; nothing where there is no limit.
  std::optional<std::int64_t> time_limit;
  /// Why it takes no jobs.
  std::string reason;

  bool operator==(const SlurmNode&) const = default;
};

/// Format of sinfo (one line for each node and partition) that read_nodes() reads.
inline constexpr const char* kNodeFormat = "%N|%P|%T|%l|%c|%E";
std::vector<SlurmNode> read_nodes(std::string_view text);

/// `7-00:00:00`, `30:00` or `infinite` in minutes, rounded down; nothing for no limit.
std::optional<std::int64_t> read_minutes(std::string_view text);

/// How a job ended, or stands.
struct SlurmJobState {
  /// As `NODE_FAIL`.
  std::string state;
  std::string reason;
  int exit_code = 0;
  int signal = 0;
  int restarts = 0;
  /// The node that its script ran on.
  std::string host;
  /// Empty where it is not told.
  std::string comment;
};

/// The line of `scontrol --oneliner show job`; nothing if it is none.
std::optional<SlurmJobState> read_job(std::string_view text);

/// A line of `sacct --parsable2 --format=State,ExitCode,NodeList`.
std::optional<SlurmJobState> read_accounting(std::string_view text);

}  // namespace batchai::server
