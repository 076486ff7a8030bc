#pragma once

#include "server/run/run_records.hpp"
#include "server/slurm/slurm_client.hpp"
#include "server/slurm/slurm_engine.hpp"
#include "server/slurm/slurm_run.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace batchai::server {

/// File of a run's folder that holds the number of its Slurm job.
inline constexpr const char* kJobFile = "slurm-job";

/// What the calls fail for, as keys of the troubles.
inline constexpr const char* kController = "controller";
inline constexpr const char* kSubmissions = "submissions";
inline constexpr const char* kEndings = "endings";

/// The runs, and the thread that talks to Slurm about them. What other threads call is in slurm_engine.cpp, what the
/// thread does in slurm_rounds.cpp, slurm_submissions.cpp and slurm_endings.cpp.
class SlurmEngine::State {
 public:
  explicit State(SlurmEngineOptions options);
  ~State();
  void start(const RunPlan& plan);
  void stop(const std::string& run_id);
  std::optional<RunOutcome> outcome(const std::string& run_id);
  void release(const std::string& run_id);
  void on_ended(std::function<void(const std::string&)> listener);
  std::optional<RunProgress> progress(const std::string& run_id);
  void on_progress(std::function<void(const std::string&)> listener);
  std::optional<std::string> trouble() const;

 private:
  std::filesystem::path folder_of(const std::string& run_id) const { return options_.runs_folder / run_id; }
  RunRecords records_of(const std::string& run_id) const { return RunRecords(folder_of(run_id)); }

  void keep_plan(const RunPlan& plan);

  /// A run of an earlier engine; what never had a plan is left for start().
  void adopt(const std::string& run_id);

  // What follows is for the thread alone. It keeps the lock while it looks at runs, and never while it waits for Slurm.

  void work();

  /// Until there is something to do. False at the end.
  bool wait();
  void round();
  bool answers() const;
  bool is_time_to_look() const;
  /// What `cause` (a command of Slurm, or a part of this engine) failed with; nothing is asked for a while.
  void set_trouble(const std::string& cause, std::string text);
  void clear_trouble(const std::string& cause);
  void report_trouble();

  void submit_some();
  /// Those that are submitted side by side; empty if there is no more to submit.
  std::vector<SlurmRequest> next_requests(const std::map<std::string, std::string>& refused);
  /// Lock held. Nothing if there is no more to submit.
  std::optional<SlurmRequest> next_request(const std::map<std::string, std::string>& refused);
  /// Lock held. To be submitted again after a while.
  void postpone(const std::string& run_id, SlurmRun& run, const std::string& message);
  /// Lock held. Puts those into the list whose time has come.
  void submit_postponed();

  /// False if Slurm is not to be asked again for a while. Adds the kind of nodes that it has nothing of now, with the
  /// reason.
  bool submit(const std::vector<SlurmRequest>& requests, std::map<std::string, std::string>& refused);
  /// What one of them has led to. Returns and adds as submit().
  bool note_submission(const SlurmRequest& request, const SlurmClient::Submission& submission,
                       std::map<std::string, std::string>& refused);

  /// Slurm never heard of these, and need not hear now.
  void stop_unsubmitted();

  /// One look at the queue and at the nodes, for all runs.
  void look();
  void look_at_nodes();
  using JobsOfRuns = std::map<std::string, std::vector<const QueuedJob*>>;
  /// Lock held. Those of runs that have not ended; points into `queue`.
  JobsOfRuns jobs_of_runs(const std::vector<QueuedJob>& queue) const;
  void apply(const std::vector<QueuedJob>& queue);

  /// What a look leads to.
  struct Changes {
    /// Jobs that no run needs.
    std::vector<std::string> surplus;
    /// Runs whose jobs have ended or are gone.
    std::vector<std::string> ended;
    /// Runs and messages.
    std::vector<std::pair<std::string, std::string>> lost;
  };
  /// Lock held. `jobs` are all jobs of the run.
  void apply(const std::string& run_id, SlurmRun& run, const std::vector<const QueuedJob*>& jobs, Changes& changes);

  /// Lock held. The job has been submitted now, or by an earlier engine that died then, or the answer was not heard.
  void take_job(const std::string& run_id, SlurmRun& run, const std::string& job) const;
  void submit_unknown(const std::string& run_id, SlurmRun& run, Changes& changes);
  bool is_lost(const std::string& run_id, SlurmRun& run, const QueuedJob& job) const;

  /// Lock held. Of a job that goes on.
  void note(const std::string& run_id, SlurmRun& run, const QueuedJob& job);

  /// Whether a job that waits is one that Slurm has put back into its queue.
  bool has_begun_before(const std::string& run_id, SlurmRun& run) const;

  /// Held by Slurm itself, for good.
  static bool is_given_up(const QueuedJob& job);
  void set_progress(const std::string& run_id, SlurmRun& run, RunProgress progress);

  /// Runs on nodes whose outcome is there, whatever Slurm says.
  void find_outcomes();

  /// Lock held. Until the next search for them.
  std::chrono::steady_clock::duration outcome_pause() const;

  /// Nothing if there is none, or it cannot be read now.
  std::optional<RunOutcome> outcome_of(const std::string& run_id) const;
  std::optional<SupervisorRecord> supervisor_of(const std::string& run_id) const;

  /// Its job has ended, or Slurm does not show it any more. False if Slurm is not to be asked again for a while.
  bool finish(const std::string& run_id);

  /// The same, once it is known what Slurm says of the job's end.
  void decide(const std::string& run_id, const SlurmRun& run);

  /// Of a run without an outcome whose job has ended: false only if its supervisor has not had it, since that notes
  /// itself, and removes the plan before it ends.
  bool may_be_taken_over(const std::string& run_id) const;

  /// A controller that was killed may have forgotten a job that goes on.
  bool has_supervisor(const std::string& run_id) const;

  /// Whether an outcome that the supervisor left may not show in the shared folder yet.
  bool may_still_show(const std::string& run_id);

  /// Ends a run whose supervisor is gone: its mounts too.
  void close(const std::string& run_id, RunOutcome outcome);
  void end(const std::string& run_id, RunOutcome outcome);
  void stop_some();
  void announce();

  const SlurmEngineOptions options_;
  SlurmClient client_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, SlurmRun> runs_;
  /// Runs whose plans are being written.
  std::set<std::string> starting_;
  std::deque<std::string> to_submit_;
  bool stops_ = false;
  bool announce_ = false;
  bool ending_ = false;
  std::set<std::string> progressed_;
  std::function<void(const std::string&)> ended_listener_;
  std::function<void(const std::string&)> progress_listener_;
  /// By their causes.
  std::map<std::string, std::string> troubles_;
  std::optional<std::string> reported_;
  SlurmRun::Time last_look_{};
  /// When a run was last given to Slurm, or seen to wait for something else, to begin or to have ended.
  SlurmRun::Time last_change_ = std::chrono::steady_clock::now();
  SlurmRun::Time try_again_{};
  std::chrono::steady_clock::duration pause_{};
  /// How long the last search for outcomes took.
  std::chrono::steady_clock::duration search_time_{};
  std::thread thread_;
};

}  // namespace batchai::server
