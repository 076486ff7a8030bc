#pragma once

#include "batchai/core/time.hpp"
#include "cli/frame/arguments.hpp"
#include "cli/frame/command.hpp"

#include <optional>

namespace batchai::cli {

/// Of `--interval`: the time between two polls, as given by the user. Throws UsageError for a number that is not above
/// 0.
std::optional<Duration> poll_interval(const Arguments& arguments);

/// `--interval SECONDS`
OptionSpec interval_option();

}  // namespace batchai::cli
