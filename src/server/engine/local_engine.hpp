#pragma once

#include "batchai/core/clock.hpp"
#include "server/run/engine.hpp"

#include <chrono>
#include <filesystem>
#include <memory>

namespace batchai::server {

struct LocalEngineOptions {
  /// Folder of the records, one folder per run (`DIR/runs`); made if missing, mode 0700.
  std::filesystem::path runs_folder;
  /// The program `batchai-supervisor`.
  std::filesystem::path supervisor;
  /// How much longer than the grace of the run a supervisor may take to stop; then it is killed and the run is lost.
  /// Longer than supervisors wait for processes that hang in the kernel.
  std::chrono::milliseconds stop_timeout{60'000};
  std::shared_ptr<Clock> clock = system_clock();
};

/// Runs plans on this machine: each in a supervisor process that outlives the service. All nodes of a plan are this
/// machine; a mount is a symbolic link.
///
/// Two engines over one folder at the same time see the same runs, but only the first one (or the one that started a
/// run) notices later ones. A run_id is a file name: letters, digits, `.`, `_`, `-`; start() throws
/// std::invalid_argument for others.
class LocalEngine final : public Engine {
 public:
  /// Continues with the runs of earlier engines. Throws std::exception if the folder cannot be made or read.
  explicit LocalEngine(LocalEngineOptions options);
  /// Runs go on.
  ~LocalEngine() override;

  void start(const RunPlan& plan) override;
  void stop(const std::string& run_id) override;
  std::optional<RunOutcome> outcome(const std::string& run_id) override;
  void release(const std::string& run_id) override;
  /// The listener is also called, once each, for runs that had ended before it was set.
  void on_ended(std::function<void(const std::string& run_id)> listener) override;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace batchai::server
