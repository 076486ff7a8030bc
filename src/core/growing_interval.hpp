#pragma once

#include "batchai/core/time.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace batchai::inline v1 {

/// The time between two looks: a fixed one, or 25 ms at first and then longer, up to 5 s.
class GrowingInterval {
 public:
  explicit GrowingInterval(std::optional<Duration> fixed) : fixed_(fixed) {}

  Duration next() {
    constexpr std::chrono::seconds kLongestPause{5};
    const Duration pause = pause_;
    pause_ = std::min<Duration>(pause_ * 2, kLongestPause);
    return fixed_.value_or(pause);
  }
  void restart() { pause_ = kFirstPause; }

 private:
  static constexpr std::chrono::milliseconds kFirstPause{25};

  std::optional<Duration> fixed_;
  Duration pause_ = kFirstPause;
};

}  // namespace batchai::inline v1
