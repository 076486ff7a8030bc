#pragma once

#include "batchai/core/time.hpp"
#include "cli/frame/arguments.hpp"
#include "cli/frame/command.hpp"

#include <optional>

namespace batchai::cli {

/// The time between two polls: as given by the user, or 25 ms at first and then longer, up to 5 s.
class PollInterval {
 public:
  explicit PollInterval(std::optional<Duration> interval = {});
  /// Of `--interval`. Throws UsageError for a number that is not above 0.
  static PollInterval of(const Arguments& arguments);
  Duration next();

 private:
  std::optional<Duration> interval_;
  Duration pause_ = std::chrono::milliseconds(25);
};

/// `--interval SECONDS`
OptionSpec interval_option();

}  // namespace batchai::cli
