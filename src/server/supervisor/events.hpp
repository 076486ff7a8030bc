#pragma once

#include "core/descriptor.hpp"

#include <chrono>
#include <optional>

namespace batchai::server {

/// What a supervisor waits for: ends of children and the request to stop. Signals arrive through a descriptor; they
/// are blocked from the moment that block_signals() was called, so that none is lost.
class Events {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Blocks SIGCHLD, SIGTERM, SIGINT, SIGHUP and SIGUSR1 in this thread and ignores SIGPIPE.
  static void block_signals();

  /// Throws std::system_error.
  Events();

  /// Waits for a signal, until `deadline` at the latest. Returns at once if one has come already.
  void wait(std::optional<Time> deadline);
  /// Notes signals that have arrived, without waiting.
  void poll() { drain(); }
  /// Whether SIGTERM, SIGINT or SIGUSR1 (the one that srun passes on) has ever come, as far as wait() and poll() have
  /// seen.
  bool stop_requested() const noexcept { return stop_requested_; }

 private:
  void drain();

  Descriptor signals_;
  bool stop_requested_ = false;
};

/// For poll(2): the milliseconds until then, a day at most; -1 (for ever) without a deadline.
int poll_timeout(std::optional<Events::Time> deadline);

}  // namespace batchai::server
