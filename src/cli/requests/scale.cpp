#include "cli/requests/scale.hpp"

#include "cli/frame/errors.hpp"

namespace batchai::cli {

namespace {

void check_count(int count) {
  if (count < 0) {
    throw UsageError("-t/--target, --min and --max cannot be negative");
  }
}

}  // namespace

ScaleSettings manual_scale(int target) {
  check_count(target);
  return {.manual = ManualScaleSettings{.target_node_count = target,
                                        .node_deallocation_option = DeallocationOption(DeallocationOption::kRequeue)}};
}

ScaleSettings auto_scale_between(int min, int max, int initial) {
  for (const int count : {min, max, initial}) {
    check_count(count);
  }
  if (min > max) {
    throw UsageError("--max must not be less than --min");
  }
  return {.auto_scale =
              AutoScaleSettings{.minimum_node_count = min, .maximum_node_count = max, .initial_node_count = initial}};
}

std::optional<ScaleSettings> scale_from_counts(std::optional<int> target, std::optional<int> min,
                                               std::optional<int> max) {
  if (min.has_value() != max.has_value()) {
    throw UsageError("--min and --max go together: give both or none");
  }
  if (!min) {
    return target ? std::optional(manual_scale(*target)) : std::nullopt;
  }
  ScaleSettings scale = auto_scale_between(*min, *max, target.value_or(0));
  if (!target && *max == 0) {
    return std::nullopt;
  }
  return *min == *max && target.value_or(*min) == *min ? manual_scale(*min) : scale;
}

}  // namespace batchai::cli
