#pragma once

#include <chrono>
#include <cstdint>

namespace batchai::inline v1::files {

/// Finds how many requests at a time move the most: begins with few, adds a quarter (one at least) for as long as more
/// is moved by it, and tries more again later, because the network and its other users change. Not thread-safe.
class StreamTuner {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `most`: at least 1.
  explicit StreamTuner(unsigned most);

  unsigned streams() const noexcept { return streams_; }
  /// What requests that are counted by done() have moved.
  void moved(std::uint64_t bytes) { weight_ += static_cast<double>(bytes); }
  /// A request has ended well.
  void done(Time now);

 private:
  void judge(double rate, Time now);
  /// Begins to measure with so many.
  void measure(unsigned streams, Time now);

  const unsigned most_;
  unsigned streams_;
  /// What is measured now.
  Time since_ = {};
  double weight_ = 0;
  unsigned requests_ = 0;
  /// By how many `streams_` is more than what `rate_` was measured with.
  unsigned tried_ = 0;
  double rate_ = 0;
  Time next_trial_ = {};
};

}  // namespace batchai::inline v1::files
