#pragma once

#include "server/slurm/slurm_commands.hpp"
#include "server/slurm/slurm_run.hpp"
#include "server/slurm/slurm_text.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// What Slurm is asked, as calls of its commands.
class SlurmClient {
 public:
  struct Paths {
    /// The script that all jobs have; its arguments are the run's folder and the supervisor.
    std::filesystem::path script;
    std::filesystem::path environment;
    std::filesystem::path supervisor;
  };

  SlurmClient(std::shared_ptr<SlurmCommands> commands, SlurmSettings settings, Paths paths)
      : commands_(std::move(commands)), settings_(std::move(settings)), paths_(std::move(paths)) {}

  /// Why the controller cannot be used now: costs milliseconds, where other commands would wait for it.
  std::optional<std::string> trouble();

  struct Submission {
    /// Empty unless it is submitted.
    std::string job = {};
    /// Slurm does not take it, and will not.
    bool refused = false;
    /// Slurm does not take it now, and may do so later.
    bool later = false;
    std::string message = {};
  };
  /// Neither a job nor refused, for now or for good: it is unknown whether Slurm has it. `time_limit` is the longest
  /// that Slurm allows, in minutes.
  Submission submit(const SlurmRequest& request, const std::filesystem::path& run_folder,
                    std::optional<std::int64_t> time_limit);

  template <class T>
  struct Answer {
    std::optional<T> value = {};
    /// Why there is none.
    std::string trouble = {};
  };
  /// All jobs of this account that the controller remembers, ended ones too.
  Answer<std::vector<QueuedJob>> queue();
  Answer<std::vector<SlurmNode>> nodes();

  struct JobAnswer {
    /// Whether there was an answer; if not, why.
    bool known = false;
    std::string trouble = {};
    /// Nothing: Slurm does not remember the job, or its accounting has not heard of its end.
    std::optional<SlurmJobState> state = {};
  };
  JobAnswer job(const std::string& id);

  /// Those that wait do not begin any more; the supervisors of the others are asked to stop. False if Slurm did not
  /// answer.
  bool stop(const std::vector<std::string>& jobs);
  /// Ends them with all their processes.
  bool end(const std::vector<std::string>& jobs);

 private:
  bool cancel(const std::vector<std::string>& options, const std::vector<std::string>& jobs);

  std::shared_ptr<SlurmCommands> commands_;
  SlurmSettings settings_;
  Paths paths_;
};

/// The comment of the job of a run, and the run of a comment; empty for others.
std::string comment_of(const std::string& run_id);
std::string run_of(const std::string& comment);

/// The arguments of sbatch for a run, without its script.
std::vector<std::string> submission_options(const SlurmRequest& request, const SlurmSettings& settings,
                                            std::optional<std::int64_t> time_limit);

}  // namespace batchai::server
