#include "server/planning/job_ports.hpp"

namespace batchai::server {

namespace {

constexpr int kLastPort = 65535;

}  // namespace

Ports::Ports(const std::vector<JobNode>& nodes, const NodeProvider& provider, int first)
    : nodes_(nodes), provider_(provider), next_(nodes.size(), first) {}

std::string Ports::take(std::size_t node) {
  const auto& address = nodes_.at(node).address;
  for (int& port = next_.at(node); port <= kLastPort;) {
    if (const int candidate = port++; provider_.is_free_port(address, candidate)) {
      return address + ":" + std::to_string(candidate);
    }
  }
  throw JobPlanError("JobStartFailed", "No port is free on " + address);
}

}  // namespace batchai::server
