#pragma once

#include "batchai/models/cluster.hpp"

#include <optional>

namespace batchai::cli {

/// Scale settings from --target, --min and --max; nothing when they leave it to the config file. Throws UsageError.
std::optional<ScaleSettings> scale_from_counts(std::optional<int> target, std::optional<int> min,
                                               std::optional<int> max);

/// A fixed number of nodes; jobs on nodes that go are queued again.
ScaleSettings manual_scale(int target);

/// Throws UsageError for impossible bounds.
ScaleSettings auto_scale_between(int min, int max, int initial);

}  // namespace batchai::cli
