#pragma once

#include "cli/app/context.hpp"
#include "cli/app/result.hpp"

#include <vector>

namespace batchai::cli {

/// What `job list` takes.
std::vector<OptionSpec> job_list_options();

/// The jobs of an experiment in the order of their creation, or, the newest first, those of a workspace, of a cluster
/// or of the subscription, and those that --state, --since and --top choose.
Result list_jobs(const Arguments& arguments, Context& context);

}  // namespace batchai::cli
