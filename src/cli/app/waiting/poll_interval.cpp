#include "cli/app/waiting/poll_interval.hpp"

#include "cli/frame/errors.hpp"

#include <algorithm>

namespace batchai::cli {

PollInterval::PollInterval(std::optional<Duration> interval) : interval_(interval) {}

PollInterval PollInterval::of(const Arguments& arguments) {
  const std::optional<int> seconds = arguments.integer("interval");
  if (seconds && *seconds <= 0) {
    throw UsageError("--interval: the number of seconds must be above 0");
  }
  return PollInterval(seconds ? std::optional<Duration>(std::chrono::seconds(*seconds)) : std::nullopt);
}

Duration PollInterval::next() {
  constexpr std::chrono::seconds kLongestPause{5};
  if (interval_) {
    return *interval_;
  }
  const Duration pause = pause_;
  pause_ = std::min<Duration>(pause_ * 2, kLongestPause);
  return pause;
}

OptionSpec interval_option() {
  return {.name = "interval",
          .summary = "Seconds between two looks; default: less than 1 at first, then up to 5.",
          .kind = OptionKind::Integer,
          .value_name = "SECONDS"};
}

}  // namespace batchai::cli
