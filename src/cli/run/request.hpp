#pragma once

#include "cli/run/place.hpp"
#include "cli/run/work.hpp"

#include <string>
#include <vector>

namespace batchai::cli {

/// Toolkit, nodes, variables, image, inputs and outputs of the job.
std::vector<OptionSpec> request_options();

/// The file of `job create` for the job, as text. It holds no secrets. Throws UsageError for options that do not go
/// together.
std::string job_file_text(const RunPlace& place, const Work& work, const Arguments& arguments, const Context& context);

/// Ids of the output directories. Throws UsageError.
std::vector<std::string> output_ids(const Arguments& arguments);
/// Throws UsageError.
int node_count(const Arguments& arguments);

}  // namespace batchai::cli
