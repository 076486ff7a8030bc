#include "cli/requests/scale.hpp"

#include "cli/frame/errors.hpp"

#include <algorithm>

namespace batchai::cli {

ScaleSettings manual_scale(int target) {
  return {.manual = ManualScaleSettings{.target_node_count = target,
                                        .node_deallocation_option = DeallocationOption(DeallocationOption::kRequeue)}};
}

std::optional<ScaleSettings> scale_from_counts(std::optional<int> target, std::optional<int> min,
                                               std::optional<int> max) {
  if (min.has_value() != max.has_value()) {
    throw UsageError("--min and --max go together: give both or none");
  }
  if (std::min({target.value_or(0), min.value_or(0), max.value_or(0)}) < 0) {
    throw UsageError("a number of nodes cannot be negative");
  }
  if (min && *min > *max) {
    throw UsageError("--max must not be less than --min");
  }
  if (!target && (!min || *max == 0)) {
    return std::nullopt;
  }
  if (!min) {
    return manual_scale(*target);
  }
  if (*min == *max && target.value_or(*min) == *min) {
    return manual_scale(*min);
  }
  return ScaleSettings{.auto_scale = AutoScaleSettings{.minimum_node_count = *min,
                                                       .maximum_node_count = *max,
                                                       .initial_node_count = target.value_or(0)}};
}

}  // namespace batchai::cli
