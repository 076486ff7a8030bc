#include "files/transfer/connection_gate.hpp"

#include "batchai/core/error.hpp"

#include <algorithm>

namespace batchai::files {

void require_going_on(const CallContext& context, Clock& clock) {
  if (context.cancellation.cancelled()) {
    throw Cancelled();
  }
  if (context.deadline && clock.steady_now() >= *context.deadline) {
    throw DeadlineExceeded("the time was up before the transfer was done");
  }
}

ConnectionGate::Permit ConnectionGate::enter(const CallContext& context) {
  for (;;) {
    require_going_on(context, clock_);
    wait_until_open(context);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLook, [&] { return busy_ < limit_; });
    if (busy_ < limit_ && clock_.steady_now() >= opens_) {
      ++busy_;
      return {*this, generation_};
    }
  }
}

void ConnectionGate::wait_until_open(const CallContext& context) {
  std::chrono::steady_clock::duration left{};
  {
    const std::lock_guard lock(mutex_);
    left = opens_ - clock_.steady_now();
  }
  if (left > left.zero()) {
    clock_.sleep_for(std::chrono::ceil<Duration>(left), context.cancellation);
    require_going_on(context, clock_);
  }
}

void ConnectionGate::congested(unsigned generation, std::optional<Duration> pause) {
  const std::lock_guard lock(mutex_);
  if (pause) {
    opens_ = std::max(opens_, clock_.steady_now() + std::chrono::duration_cast<std::chrono::nanoseconds>(*pause));
  }
  if (generation == generation_) {
    ++generation_;
    successes_ = 0;
    limit_ = std::max(1U, limit_ / 2);
  }
}

void ConnectionGate::leave(bool success) {
  {
    const std::lock_guard lock(mutex_);
    --busy_;
    if (success && limit_ < most_ && ++successes_ >= limit_) {
      successes_ = 0;
      ++limit_;
    }
  }
  changed_.notify_all();
}

unsigned ConnectionGate::limit() const {
  const std::lock_guard lock(mutex_);
  return limit_;
}

}  // namespace batchai::files
