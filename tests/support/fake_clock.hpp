#pragma once

#include "batchai/core/clock.hpp"

#include <chrono>
#include <mutex>

namespace batchai::server::testing {

/// A clock that stands still until a test moves it.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Timestamp start = Timestamp(std::chrono::sys_days(std::chrono::year{2018} / 6 / 21)))
      : now_(start) {}

  Timestamp now() const override {
    const std::scoped_lock guard(mutex_);
    return now_;
  }
  std::chrono::steady_clock::time_point steady_now() const override {
    return std::chrono::steady_clock::time_point(
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(now().time_since_epoch()));
  }
  void sleep_for(Duration duration, const CancellationToken&) override { advance(duration); }

  void advance(Duration duration) {
    const std::scoped_lock guard(mutex_);
    now_ += duration;
  }

 private:
  mutable std::mutex mutex_;
  Timestamp now_;
};

}  // namespace batchai::server::testing
