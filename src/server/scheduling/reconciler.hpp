#pragma once

#include "batchai/core/clock.hpp"
#include "server/planning/job_plan.hpp"
#include "server/records/store.hpp"
#include "server/run/node_provider.hpp"
#include "server/scheduling/file_server_folders.hpp"
#include "server/scheduling/node_provisioner.hpp"
#include "server/scheduling/scheduling_pass.hpp"
#include "server/trash/trash.hpp"

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace batchai::inline v1 {
struct BatchAiError;
}

namespace batchai::server {

class LoadedJob;
class JobRecord;

struct ReconcilerOptions {
  std::filesystem::path data_folder;
  /// Where users reach this machine from outside.
  std::string public_address = "127.0.0.1";
  /// How long autoscale leaves a node idle before it takes it away.
  Duration idle_period = std::chrono::seconds(60);
  UsageLimits limits = {};
  /// What becomes of jobs that ask for a container (JobPlanInput). May wait until that is known.
  std::function<ContainerUse()> containers = [] { return ContainerUse{}; };
  /// Where runs are put into a sandbox (JobPlanInput).
  std::optional<RunSandbox> sandbox = {};
  /// What runs may use, by the VM size of their nodes.
  std::function<RunLimits(std::string_view vm_size)> run_limits = [](std::string_view) { return RunLimits{}; };
  std::function<RunPlan(const JobPlanInput&)> planner = plan_job;
  /// How many runs are handed to the engine at a time, each by a thread: most of a start is waiting for a disk and
  /// another process. With more than one, `planner`, `report`, engine and store are used by several threads.
  std::size_t starts_at_once = 1;
  /// Called after each pass, outside all transactions.
  std::function<void()> after_pass = [] {};
  /// Called for failures of store and engine that it will try again; one sentence each, without secrets.
  std::function<void(const std::string&)> report = [](const std::string&) {};
};

/// Makes the machine match the store: prepares nodes, starts, stops and ends runs, sizes clusters, makes file servers,
/// finishes deletes. All its knowledge is in the store; a reconciler made later over the same store and engine
/// continues where this one stopped, wherever that was.
class Reconciler {
 public:
  /// All four outlive it; `provider` is the one of the engine's nodes. Takes the engine's on_ended.
  Reconciler(Store& store, Engine& engine, const NodeProvider& provider, Clock& clock, ReconcilerOptions options);
  ~Reconciler();
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  /// One pass: outcomes, decisions, actions. Whether it acted, so that another pass may find more to do. For tests;
  /// not while the thread runs.
  bool reconcile_once();

  /// Runs passes in a thread of its own: at once, after each wake(), when a run ends and when a time has come.
  void start();
  /// Waits for the end of the pass. Runs go on.
  void stop();
  /// There may be something to do. From any thread.
  void wake();

 private:
  class Signal;
  class Progressed;

  struct StartedRun {
    /// Key.
    std::string job;
    std::string run_id;
  };

  /// Those of runs that have ended or were asked to stop; if `all`, of all that the engine may have.
  Outcomes collect_outcomes(bool all);
  std::map<std::string, RunProgress> collect_progress(const std::set<std::string>& runs);
  PassOptions pass_options(bool all) const;
  bool act(const PassResult& todo);
  /// Hands over the runs of these jobs.
  void start_runs(const std::vector<std::pair<std::string, std::string>>& jobs);
  /// What several threads share that start jobs. `starting_` guards it, but for `jobs` and `clusters`, which nobody
  /// changes then, and `start_again_`.
  struct Starting {
    /// As in PassResult.
    const std::vector<std::pair<std::string, std::string>>& jobs;
    std::size_t next = 0;
    std::map<std::string, ClusterRecord> clusters = {};
    std::vector<StartedRun> started = {};
    std::exception_ptr failure = {};
  };
  void start_some(Starting& starting);
  bool starts_are_paused();
  /// Nothing if the job was not handed over; what follows from that is in the store then.
  std::optional<StartedRun> start_run(const std::string& job, const ClusterRecord& cluster);
  /// Whether it was tried.
  bool prepare_node(const std::string& cluster, const std::string& node);
  /// The machine is short of something: nothing is started for a while.
  void pause_starts();
  /// The run could not be handed over: for good, or for now.
  void give_up_start(const std::string& job, const std::string& run_id, const std::exception& error);
  /// A job whose run was not handed over waits again.
  void put_back(const std::string& job, const std::string& run_id);
  bool stop_run(const std::string& run_id);
  void release_runs(const std::vector<std::string>& run_ids);
  void mark_handed_over(const std::vector<StartedRun>& started);
  void fail_start(const std::string& job, const std::string& run_id, const BatchAiError& error);
  /// A job whose run was not handed over: `end` says what becomes of it.
  void end_start(const std::string& job, const std::string& run_id,
                 const std::function<void(JobRecord& job, Timestamp now)>& end);
  void run(const std::stop_token& token);
  void wait(const std::stop_token& token);

  Store& store_;
  Engine& engine_;
  const NodeProvider& provider_;
  Clock& clock_;
  ReconcilerOptions options_;
  AccountResolver accounts_;
  FileServerResolver file_servers_;
  /// Folders of nodes and file servers may be very large: no pass waits for their removal.
  Trash trash_;
  FileServerFolders folders_;
  NodeProvisioner nodes_;
  /// By key of a cluster: when a pass has something to do there even if nothing else happens.
  std::map<std::string, Timestamp> due_;
  /// When the next pass looks at everything: every now and then, should an event get lost, and after a failure.
  Timestamp look_at_all_{};
  /// Set while nothing is started: when to begin again.
  std::optional<Timestamp> start_again_;
  std::mutex starting_;
  /// Runs asked to stop by this object: asking once is enough.
  std::set<std::string> stopped_;
  /// Shared with the engine's listener, which may outlive this object.
  std::shared_ptr<Signal> signal_;
  std::jthread thread_;
};

}  // namespace batchai::server
