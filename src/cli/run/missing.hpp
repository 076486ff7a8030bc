#pragma once

#include "cli/run/place.hpp"
#include "cli/run/step.hpp"

#include <vector>

namespace batchai::cli {

/// The steps that make what is missing for a run of so many nodes: group, workspace, cluster, experiment, share. Asks
/// the service. A cluster that scales by itself is allowed the nodes that the run needs, unless -c names it. Throws
/// UsageError where the cluster has nodes of another size than --vm-size.
std::vector<Step> missing_steps(const RunPlace& place, int nodes, const Arguments& arguments, const Context& context);

}  // namespace batchai::cli
