#pragma once

#include "batchai/models/cluster.hpp"
#include "cli/app/context.hpp"

#include <vector>

namespace batchai::cli {

/// All options of `cluster create` but the names.
std::vector<OptionSpec> cluster_create_options();

/// The body of `cluster create`: config file, then options. Throws UsageError, and as the requests it needs (keys, file
/// servers).
ClusterCreateParameters build_cluster_parameters(const Arguments& arguments, const Context& context);

}  // namespace batchai::cli
