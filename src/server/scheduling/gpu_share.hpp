#pragma once

#include "server/records/store.hpp"

#include <cstddef>
#include <vector>

namespace batchai::server {

class ClusterRecord;

/// GPUs for new nodes of a cluster.
class GpuShare {
 public:
  /// Counts what the nodes of all clusters have. `all_gpus`: of the machine.
  GpuShare(Transaction& transaction, const ClusterRecord& cluster, int all_gpus);

  /// Of the next node: as many as its VM size has, or as there are if these are fewer; those that the fewest nodes have
  /// already, lowest numbers first. Nodes share GPUs only when there are not enough for all.
  std::vector<int> next();

 private:
  std::size_t wanted_;
  /// Nodes of each GPU.
  std::vector<int> users_;
};

}  // namespace batchai::server
