#pragma once

#include "server/planning/job_plan.hpp"
#include "server/run/node_provider.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// Gives the processes of a job their ports: on each node the first free one from `first` up, each once.
class Ports {
 public:
  /// Both outlive it.
  Ports(const std::vector<JobNode>& nodes, const NodeProvider& provider, int first);

  /// `address:port`. Throws JobPlanError if the node has none left.
  std::string take(std::size_t node);

 private:
  const std::vector<JobNode>& nodes_;
  const NodeProvider& provider_;
  std::vector<int> next_;
};

}  // namespace batchai::server
