#include "cli/app/waiting/poll_interval.hpp"

#include "cli/frame/errors.hpp"

namespace batchai::cli {

std::optional<Duration> poll_interval(const Arguments& arguments) {
  const std::optional<int> seconds = arguments.integer("interval");
  if (seconds && *seconds <= 0) {
    throw UsageError("--interval: the number of seconds must be above 0");
  }
  return seconds ? std::optional<Duration>(std::chrono::seconds(*seconds)) : std::nullopt;
}

OptionSpec interval_option() {
  return {.name = "interval",
          .summary = "Seconds between two looks; default: less than 1 at first, then up to 5.",
          .kind = OptionKind::Integer,
          .value_name = "SECONDS"};
}

}  // namespace batchai::cli
