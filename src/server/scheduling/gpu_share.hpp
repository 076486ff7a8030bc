#pragma once

#include "server/records/store.hpp"

#include <vector>

namespace batchai::server {

class ClusterRecord;

/// GPUs for a new node of the cluster: as many as its VM size has, or as there are if these are fewer; those that
/// the fewest nodes have already, lowest numbers first. Nodes share GPUs only when there are not enough for all.
std::vector<int> share_of_gpus(Transaction& transaction, const ClusterRecord& cluster, int all_gpus);

}  // namespace batchai::server
