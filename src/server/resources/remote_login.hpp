#pragma once

#include "server/records/cluster_record.hpp"
#include "server/resources/visible_groups.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// Where somebody listens for logins to a node; nothing where nobody does. Thread-safe.
using LoginFinder =
    std::function<std::optional<RemoteLoginInformation>(const ClusterRecord& cluster, const Node& node)>;

/// Where to log in to those of the nodes that are still part of the cluster. Where nobody listens, or `find` is null:
/// as behind Batch AI's load balancer, all share one address and have ports from 50000 up, by their number within the
/// cluster. Each has two members that the published API does not have: `nodeState` (idle, running, preparing, leaving
/// or unusable) and, where a job that is visible is on the node, `job` with its `id`.
std::vector<RemoteLoginInformation> remote_login_of(Transaction& transaction, const ClusterRecord& cluster,
                                                    const std::vector<std::string>& nodes, const std::string& address,
                                                    const LoginFinder& find, const VisibleGroups& visible);

}  // namespace batchai::server
