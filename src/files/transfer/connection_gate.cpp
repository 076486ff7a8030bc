#include "files/transfer/connection_gate.hpp"

#include "batchai/core/error.hpp"

namespace batchai::inline v1::files {

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
    changed_.wait_for(lock, kLook, [&] { return busy_ < most_at_a_time(); });
    if (busy_ < most_at_a_time() && clock_.steady_now() >= opens_) {
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
  bool adds = false;
  {
    const std::lock_guard lock(mutex_);
    const unsigned before = most_at_a_time();
    --busy_;
    if (success) {
      tuner_.done(clock_.steady_now());
    }
    if (success && limit_ < most_ && ++successes_ >= limit_) {
      successes_ = 0;
      ++limit_;
    }
    adds = most_at_a_time() > before;
  }
  if (adds) {
    changed_.notify_all();
  } else {
    changed_.notify_one();
  }
}

void ConnectionGate::moved(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  tuner_.moved(bytes);
}

unsigned ConnectionGate::limit() const {
  const std::lock_guard lock(mutex_);
  return limit_;
}

}  // namespace batchai::inline v1::files
