#pragma once

#include "batchai/core/cancellation.hpp"
#include "batchai/core/clock.hpp"

#include <mutex>
#include <vector>

namespace batchai::test {

/// Time that moves only when someone sleeps or the test says so. Thread-safe.
class FakeClock final : public Clock {
 public:
  FakeClock() = default;
  explicit FakeClock(Timestamp start) : now_(start) {}

  Timestamp now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  std::chrono::steady_clock::time_point steady_now() const override {
    const std::lock_guard lock(mutex_);
    return steady_;
  }

  void sleep_for(Duration duration, const CancellationToken& token) override {
    {
      const std::lock_guard lock(mutex_);
      sleeps_.push_back(duration);
    }
    if (!token.cancelled()) {
      advance(duration);
    }
  }

  void advance(Duration duration) {
    const std::lock_guard lock(mutex_);
    now_ += duration;
    steady_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
  }

  /// How long each sleep was asked to be, in order.
  std::vector<Duration> sleeps() const {
    const std::lock_guard lock(mutex_);
    return sleeps_;
  }

 private:
  mutable std::mutex mutex_;
  /// 2018-06-07T21:16:21Z.
  Timestamp now_ = Timestamp(std::chrono::seconds(1'528'406'181));
  std::chrono::steady_clock::time_point steady_{std::chrono::hours(1)};
  std::vector<Duration> sleeps_;
};

}  // namespace batchai::test
