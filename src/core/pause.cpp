#include "core/pause.hpp"

#include "batchai/core/error.hpp"

#include <algorithm>

namespace batchai::inline v1 {
namespace {

/// What a last poll may take.
constexpr std::chrono::milliseconds kLastLook{250};

void sleep(Duration length, const CallContext& context, Clock& clock) {
  clock.sleep_for(length, context.cancellation);
  if (context.cancellation.cancelled()) {
    throw Cancelled();
  }
}

}  // namespace

bool pause_between_looks(Duration length, const CallContext& context, Clock& clock) {
  if (!context.deadline) {
    sleep(length, context, clock);
    return true;
  }
  const auto left = std::chrono::ceil<Duration>(*context.deadline - clock.steady_now());
  const bool another = left > kLastLook;
  sleep(another ? std::min<Duration>(length, left - kLastLook) : std::max(left, Duration::zero()), context, clock);
  return another;
}

}  // namespace batchai::inline v1
