#pragma once

#include "batchai/core/clock.hpp"
#include "server/run/engine.hpp"
#include "server/slurm/slurm_commands.hpp"
#include "server/slurm/slurm_nodes.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace batchai::server {

struct SlurmEngineOptions {
  /// Folder of the records, one folder per run, on a file system that all nodes of the cluster share; made if missing,
  /// mode 0700.
  std::filesystem::path runs_folder;
  /// The program `batchai-supervisor`, at the same path on all nodes.
  std::filesystem::path supervisor;
  SlurmSettings settings = {};
  std::shared_ptr<SlurmCommands> commands;
  std::shared_ptr<SlurmNodes> nodes;
  /// Between two looks at the queue, at least.
  std::chrono::milliseconds poll_interval{1'000};
  /// Between two looks at the nodes while there are no runs.
  std::chrono::milliseconds idle_interval{10'000};
  /// How long after the end of its job the outcome of a run may take to show in the shared folder: longer than network
  /// file systems keep names in their caches (NFS a minute, acdirmax).
  std::chrono::milliseconds outcome_delay{90'000};
  /// How much longer than the grace of the run a supervisor may take to stop; then Slurm ends its job by force.
  std::chrono::milliseconds stop_timeout{60'000};
  /// Between two submissions of what Slurm does not take for now.
  std::chrono::milliseconds submit_again{10'000};
  std::shared_ptr<Clock> clock = system_clock();
  /// Called, by the thread that talks to Slurm, with each sentence that trouble() begins to return, and when it returns
  /// nothing again.
  std::function<void(const std::string&)> report = [](const std::string&) {};
};

/// Runs plans as jobs of a Slurm cluster, one job for each. The job's script is the supervisor of the run, which finds
/// the plan in the run's folder and leaves the outcome there. One thread talks to Slurm; all calls answer from memory
/// and the disk, however long Slurm does not answer.
///
/// A run belongs to this engine from the moment that its plan is in its folder: it is submitted as soon as Slurm takes
/// it, once, also if this process dies in between.
class SlurmEngine final : public Engine {
 public:
  /// Continues with the runs of earlier engines. Throws std::exception if the folder cannot be made or read.
  explicit SlurmEngine(SlurmEngineOptions options);
  /// Runs go on.
  ~SlurmEngine() override;

  void start(const RunPlan& plan) override;
  void stop(const std::string& run_id) override;
  std::optional<RunOutcome> outcome(const std::string& run_id) override;
  void release(const std::string& run_id) override;
  void on_ended(std::function<void(const std::string& run_id)> listener) override;
  std::optional<RunProgress> progress(const std::string& run_id) override;
  /// Also called, without a name, when what is known of the nodes has changed.
  void on_progress(std::function<void(const std::string& run_id)> listener) override;

  /// Why Slurm cannot be used now; nothing if it answers. Thread-safe.
  std::optional<std::string> trouble() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace batchai::server
