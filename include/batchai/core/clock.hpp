#pragma once

#include "batchai/core/time.hpp"
#include "batchai/version.hpp"

#include <chrono>
#include <memory>

BATCHAI_NAMESPACE_BEGIN

class CancellationToken;

/// Where time comes from, so that tests need not wait. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall-clock time in UTC.
  [[nodiscard]] virtual Timestamp now() const = 0;
  /// Monotonic time, for deadlines.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_now() const = 0;
  /// Waits; returns early (within 100 ms) when `token` is cancelled. Does not throw.
  virtual void sleep_for(Duration duration, const CancellationToken& token) = 0;
};

/// The machine's clock. The same object each time.
[[nodiscard]] std::shared_ptr<Clock> system_clock();

BATCHAI_NAMESPACE_END
