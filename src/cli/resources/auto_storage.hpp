#pragma once

#include "batchai/models/cluster.hpp"
#include "cli/app/context.hpp"

#include <string>

namespace batchai::cli {

/// Mounts the share `batchaishare` of the region's automatic storage account at `autoafs` and its blob container
/// `batchaicontainer` at `autobfs`, after the cluster's other volumes. Group, account, share and container are made
/// when they are missing; all clusters of a region share them.
void mount_auto_storage(ClusterCreateParameters& parameters, const std::string& location, const Context& context);

}  // namespace batchai::cli
