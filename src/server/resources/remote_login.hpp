#pragma once

#include "server/records/cluster_record.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// Where to log in to those of the nodes that are still part of the cluster. As behind Batch AI's load balancer, all
/// share one address and have ports from 50000 up, by their number within the cluster.
std::vector<RemoteLoginInformation> remote_login_of(const ClusterRecord& cluster, const std::vector<std::string>& nodes,
                                                    const std::string& address);

}  // namespace batchai::server
