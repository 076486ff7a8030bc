#pragma once

#include "cli/run/place.hpp"
#include "cli/run/step.hpp"

#include <optional>
#include <vector>

namespace batchai::cli {

/// What a run lacks of its place.
struct Missing {
  /// Make group, workspace, cluster, experiment, share, as far as they are missing.
  std::vector<Step> steps = {};
  /// Allows the cluster the nodes that the run needs, as it was when it was looked at; let_grow() does it.
  std::optional<Step> growth = {};
};

/// Looks for it. Throws UsageError where the cluster has nodes of another size than --vm-size.
Missing find_missing(const RunPlace& place, int nodes, const Arguments& arguments, const Context& context);

/// Allows a cluster that scales by itself the nodes that the run needs, by what it has now: other runs make and change
/// it at the same time. A cluster that was named is left as it is.
void let_grow(const RunPlace& place, int nodes, Context& context);

}  // namespace batchai::cli
