#pragma once

#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "cli/app/context.hpp"

#include <vector>

namespace batchai::cli {

/// All options of `job create` but the names and what happens afterwards.
std::vector<OptionSpec> job_create_options();

/// Throws UsageError unless there is either a config file or a command.
void check_job_source(const Arguments& arguments);

/// The body of `job create`: config file or command, the cluster as the service knows it, volumes. Throws UsageError,
/// and as the requests it needs.
JobCreateParameters build_job_parameters(const Arguments& arguments, const Context& context);

/// The cluster named by an id, or by a name in this group and workspace. Throws UsageError for the id of something
/// else.
Cluster get_cluster(const std::string& named, const std::string& group, const std::string& workspace,
                    const Context& context);

/// The full id of the cluster named by an id, or by a name in the workspace of the arguments.
std::string find_cluster(const std::string& named, const Arguments& arguments, const Context& context);

/// Fills in keys that the job's volumes lack and adds the volumes that options name.
void complete_job_volumes(JobCreateParameters& parameters, const Arguments& arguments, const Context& context);

}  // namespace batchai::cli
