#pragma once

#include "server/run/engine.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace batchai::server::test {

/// An engine whose runs end when a test says so. Outlives reconcilers, as runs outlive the service. For one thread.
class FakeEngine final : public Engine {
 public:
  struct Run {
    RunPlan plan;
    bool stop_requested = false;
    std::optional<RunOutcome> outcome;
    std::optional<RunProgress> progress;
  };

  void start(const RunPlan& plan) override {
    if (busy) {
      ++refused;
      throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again), "no process for now");
    }
    if (fail_next_start) {
      fail_next_start = false;
      throw std::runtime_error("no more processes");
    }
    if (runs.try_emplace(plan.run_id, Run{plan}).second) {
      ++started;
    }
  }
  void stop(const std::string& run_id) override {
    const auto run = runs.find(run_id);
    if (run != runs.end() && !run->second.outcome) {
      run->second.stop_requested = true;
    }
  }
  std::optional<RunOutcome> outcome(const std::string& run_id) override {
    const auto run = runs.find(run_id);
    return run == runs.end() ? RunOutcome{.kind = RunOutcome::Kind::Lost} : run->second.outcome;
  }
  void release(const std::string& run_id) override {
    if (run_id == unreleasable) {
      throw std::runtime_error("its folder cannot be removed");
    }
    runs.erase(run_id);
    released.push_back(run_id);
  }
  void on_ended(std::function<void(const std::string&)> listener) override { listener_ = std::move(listener); }
  std::optional<RunProgress> progress(const std::string& run_id) override {
    const auto run = runs.find(run_id);
    return run == runs.end() ? std::nullopt : run->second.progress;
  }
  void on_progress(std::function<void(const std::string&)> listener) override { heard_ = std::move(listener); }

  /// A run stands otherwise now.
  void note(const std::string& run_id, RunProgress progress) {
    runs.at(run_id).progress = std::move(progress);
    heard_(run_id);
  }
  /// The nodes do.
  void note_nodes() { heard_(""); }

  /// Ends a run; its time is `ended`.
  void end(const std::string& run_id, RunOutcome outcome) {
    runs.at(run_id).outcome = std::move(outcome);
    if (listener_) {
      listener_(run_id);
    }
  }
  std::vector<std::string> going() const {
    std::vector<std::string> ids;
    for (const auto& [id, run] : runs) {
      if (!run.outcome) {
        ids.push_back(id);
      }
    }
    return ids;
  }

  std::map<std::string, Run> runs;
  std::vector<std::string> released;
  int started = 0;
  bool fail_next_start = false;
  /// Whether starts fail for want of processes; `refused` counts them.
  bool busy = false;
  int refused = 0;
  /// A run whose records cannot be removed.
  std::string unreleasable;

 private:
  std::function<void(const std::string&)> listener_;
  std::function<void(const std::string&)> heard_;
};

}  // namespace batchai::server::test
