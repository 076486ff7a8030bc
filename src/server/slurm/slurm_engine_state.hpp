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

/// The runs, and the thread that talks to Slurm about them. What other threads call is in slurm_engine.cpp, what the
/// thread does in slurm_rounds.cpp.
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
  void set_trouble(std::string text);
  void submit_some();

  /// False if Slurm is not to be asked again for a while.
  bool submit(const SlurmRequest& request);

  /// Slurm never heard of these, and need not hear now.
  void stop_unsubmitted();

  /// One look at the queue and at the nodes, for all runs.
  void look();
  void apply(const std::vector<QueuedJob>& queue);

  /// Lock held. The job has been submitted now, or by an earlier engine that died then, or the answer was not heard.
  void take_job(const std::string& run_id, SlurmRun& run, const std::string& job) const;
  void submit_unknown(const std::string& run_id, SlurmRun& run, std::vector<std::pair<std::string, std::string>>& lost);
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

  /// Its job has ended, or Slurm does not show it any more.
  void finish(const std::string& run_id);

  /// A controller that was killed may have forgotten a job that goes on.
  bool has_supervisor(const std::string& run_id) const;

  /// Whether the supervisor may have left an outcome that the shared folder does not show yet.
  bool may_still_show(const std::string& run_id, const SlurmRun& run, const std::optional<SlurmJobState>& state);

  /// Ends a run whose supervisor is gone: its mounts too.
  void close(const std::string& run_id, RunOutcome outcome);
  void end(const std::string& run_id, RunOutcome outcome);

  /// Lock held.
  void end(SlurmRun& run, RunOutcome outcome);
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
  std::optional<std::string> trouble_ = "Slurm has not answered yet";
  SlurmRun::Time last_look_{};
  SlurmRun::Time try_again_{};
  std::chrono::steady_clock::duration pause_{};
  std::thread thread_;
};

}  // namespace batchai::server
