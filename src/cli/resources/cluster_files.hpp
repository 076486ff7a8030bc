#pragma once

#include "batchai/files/directory_client.hpp"
#include "batchai/models/cluster.hpp"
#include "cli/app/context.hpp"
#include "cli/resources/cluster_wait.hpp"

#include <string>

namespace batchai::cli {

/// The directory with what the setup task of a cluster writes, or one below. Throws CommandError where it is not on a
/// file share that the cluster mounts.
files::DirectoryClient open_setup_output(const NodeSetup& setup, const std::string& below, const Arguments& arguments,
                                         const Context& context);

/// The command that shows what the setup task of a cluster has written, which it has to have: `cluster node logs`, or,
/// where that cannot read it, one that looks on a node.
std::string setup_output_command(const ClusterPlace& place, const NodeSetup& setup);

}  // namespace batchai::cli
