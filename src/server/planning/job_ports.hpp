#pragma once

#include "server/planning/job_plan.hpp"

#include <string>
#include <vector>

namespace batchai::server {

/// Whether a process could listen there now; also true for an address that is not one of this machine. Looks by
/// listening for a moment itself.
bool is_free_port(const std::string& address, int port);

/// Gives the processes of a job their ports: on each node the first free one from `first` up, each once.
class Ports {
 public:
  /// Both outlive it.
  Ports(const std::vector<JobNode>& nodes, const PortProbe& is_free, int first);

  /// `address:port`. Throws JobPlanError if the node has none left.
  std::string take(std::size_t node);

 private:
  const std::vector<JobNode>& nodes_;
  const PortProbe& is_free_;
  std::vector<int> next_;
};

}  // namespace batchai::server
