#include "files/transfer/stream_tuner.hpp"

#include <algorithm>

namespace batchai::inline v1::files {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kFirst = 4;
/// How long one number of streams is measured, at least, and with how many requests of each.
constexpr std::chrono::milliseconds kMeasured{200};
constexpr unsigned kRequests = 4;
/// Each trial adds one of so many: enough that what it brings stands out of the noise.
constexpr unsigned kPart = 4;
/// How much of what more streams could bring they have to bring.
constexpr double kShare = 0.3;
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
  const unsigned before = streams_ - tried_;
  if (tried_ > 0 && rate < rate_ * (1 + kShare * tried_ / before)) {
    next_trial_ = now + kUntilNextTrial;
    tried_ = 0;
    measure(before, now);
    return;
  }
  rate_ = rate;
  tried_ = now >= next_trial_ ? std::min(std::max(streams_ / kPart, 1U), most_ - streams_) : 0;
  measure(streams_ + tried_, now);
}

void StreamTuner::measure(unsigned streams, Time now) {
  streams_ = streams;
  since_ = now;
  weight_ = 0;
  requests_ = 0;
}

}  // namespace batchai::inline v1::files
