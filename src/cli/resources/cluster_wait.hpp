#pragma once

#include "batchai/models/cluster.hpp"
#include "cli/app/context.hpp"

#include <string>

namespace batchai::cli {

struct ClusterPlace {
  std::string group;
  std::string workspace;
  std::string cluster;
};

/// Waits until a cluster has its nodes, and each of them is ready or unusable. Ctrl-C and the end of --timeout become
/// errors that say that the cluster goes on.
Cluster wait_for_nodes(const ClusterPlace& place, const Context& context);

/// Warns of nodes that are unusable, and of those that a cluster has not got, with an error that says why. Whether it
/// has nodes that jobs can use, or is to have none.
bool warn_of_nodes(const ClusterPlace& place, const Cluster& cluster, const Context& context);

}  // namespace batchai::cli
