#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/context.hpp"
#include "files/transfer/stream_tuner.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace batchai::inline v1::files {

/// How soon a waiting thread notices that the call was cancelled.
inline constexpr std::chrono::milliseconds kLook{100};

/// Says how many requests may be under way: as many as move the most, and half as many after each sign of congestion,
/// then one more after as many successes as are allowed. Thread-safe.
class ConnectionGate {
 public:
  /// A request that has been let in; its destructor leaves.
  class Permit {
   public:
    Permit(ConnectionGate& gate, unsigned generation) : gate_(&gate), generation_(generation) {}
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;
    ~Permit() { gate_->leave(success_); }
    void succeed() noexcept { success_ = true; }
    unsigned generation() const noexcept { return generation_; }

   private:
    ConnectionGate* gate_;
    unsigned generation_;
    bool success_ = false;
  };

  ConnectionGate(unsigned most, Clock& clock) : most_(most), limit_(most), tuner_(most), clock_(clock) {}

  /// Waits until another request may start. Throws Cancelled or DeadlineExceeded.
  Permit enter(const CallContext& context);
  /// A request that was let in with `generation` met congestion; several at the same time count once. No request is let
  /// in for `pause`.
  void congested(unsigned generation, std::optional<Duration> pause);

  /// What a request that is still in has moved, in bytes.
  void moved(std::uint64_t bytes);

  /// By congestion alone.
  unsigned limit() const;

 private:
  unsigned most_at_a_time() const { return std::min(limit_, tuner_.streams()); }
  void leave(bool success);
  void wait_until_open(const CallContext& context);

  const unsigned most_;
  unsigned limit_;
  StreamTuner tuner_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  unsigned busy_ = 0;
  unsigned successes_ = 0;
  unsigned generation_ = 0;
  std::chrono::steady_clock::time_point opens_ = {};
};

/// Throws Cancelled or DeadlineExceeded when the call is to end.
void require_going_on(const CallContext& context, Clock& clock);

}  // namespace batchai::inline v1::files
