#pragma once

#include "core/descriptor.hpp"
#include "server/engine/inspect_run.hpp"
#include "server/run/engine.hpp"
#include "server/supervisor/events.hpp"

#include <chrono>
#include <optional>

namespace batchai::server {

/// What an engine knows about one of its runs. Not thread-safe.
class SupervisedRun {
 public:
  using Time = Events::Time;

  /// Empty unless the supervisor lives, as far as is known.
  const Descriptor& supervisor() const noexcept { return supervisor_; }
  const std::optional<RunOutcome>& outcome() const noexcept { return outcome_; }
  /// Handed over, but its state is unknown.
  bool is_open() const noexcept { return handed_over_ && !supervisor_ && !outcome_; }
  /// When there is something to be done even if nothing happens before.
  std::optional<Time> next_look(Time now) const;

  /// For a run that has been handed over, and whose state is unknown or is to be updated.
  void take(RunFinding finding, std::chrono::milliseconds stop_timeout);
  /// Its supervisor is asked at once, or as soon as it is found; after the grace of the run and `patience` it is
  /// late.
  void request_stop(std::chrono::milliseconds patience);
  /// The supervisor has ended: the run is open.
  void forget_supervisor() { supervisor_.reset(); }
  void kill_late_supervisor(Time now);
  /// Once the limit of the run has passed: continues a supervisor that was suspended (its own job can do that), so that
  /// it ends the run; kills one that is kept suspended.
  void enforce_limit(Time now);
  /// What the run becomes if its supervisor ends without an outcome.
  RunOutcome::Kind if_lost() const noexcept {
    return over_limit_ ? RunOutcome::Kind::TimedOut : RunOutcome::Kind::Lost;
  }
  /// Whether its end has still to be announced: true once.
  bool take_announcement();

 private:
  void ask_to_stop(std::chrono::milliseconds patience);

  /// Whether a supervisor has it, or had; before that it is being started.
  bool handed_over_ = false;
  bool stop_requested_ = false;
  bool announced_ = false;
  std::chrono::milliseconds grace_{};
  std::optional<Time> kill_time_;
  /// Of the supervisor that was found.
  pid_t pid_ = 0;
  std::optional<Time> limit_end_;
  std::optional<Time> limit_look_;
  std::chrono::milliseconds patience_{};
  bool over_limit_ = false;
  Descriptor supervisor_;
  std::optional<RunOutcome> outcome_;
};

}  // namespace batchai::server
