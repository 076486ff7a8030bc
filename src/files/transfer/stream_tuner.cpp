#include "files/transfer/stream_tuner.hpp"

#include <algorithm>

namespace batchai::files {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kFirst = 4;
/// How long one number of streams is measured, at least, and with how many requests of each.
constexpr std::chrono::milliseconds kMeasured{200};
constexpr unsigned kRequests = 4;
/// What one more stream has to bring.
constexpr double kGain = 1.04;
constexpr std::chrono::seconds kUntilNextTrial{5};
/// What a request weighs besides its bytes, so that small files count, too.
constexpr double kRequestWeight = 1U << 15U;

}  // namespace

StreamTuner::StreamTuner(unsigned most) : most_(most), streams_(std::min(most, kFirst)) {}

void StreamTuner::done(Time now) {
  if (since_ == Time{}) {
    measure(streams_, now);  // the first one has connected, too
    return;
  }
  weight_ += kRequestWeight;
  ++requests_;
  const std::chrono::duration<double> elapsed = now - since_;
  if (elapsed >= kMeasured && requests_ >= kRequests * streams_) {
    judge(weight_ / elapsed.count(), now);
  }
}

void StreamTuner::judge(double rate, Time now) {
  if (is_trial_ && rate < rate_ * kGain) {
    is_trial_ = false;
    next_trial_ = now + kUntilNextTrial;
    measure(streams_ - 1, now);
    return;
  }
  rate_ = rate;
  is_trial_ = streams_ < most_ && now >= next_trial_;
  measure(streams_ + (is_trial_ ? 1 : 0), now);
}

void StreamTuner::measure(unsigned streams, Time now) {
  streams_ = streams;
  since_ = now;
  weight_ = 0;
  requests_ = 0;
}

}  // namespace batchai::files
