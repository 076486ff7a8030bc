#include "server/resources/remote_login.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

constexpr int kFirstPort = 50000;
constexpr int kPorts = 65536 - kFirstPort;

// The number between `_` and `-` of an id as `tvm-1915592855_1-20180621t171517z`, from 1.
int number_of_node(const std::string& id) { return std::stoi(id.substr(id.find('_') + 1)); }

}  // namespace

std::vector<RemoteLoginInformation> remote_login_of(const ClusterRecord& cluster, const std::vector<std::string>& nodes,
                                                    const std::string& address) {
  std::vector<RemoteLoginInformation> logins;
  for (const auto& node : cluster.nodes) {
    if (std::find(nodes.begin(), nodes.end(), node.id) != nodes.end()) {
      logins.push_back(
          {.node_id = node.id, .ip_address = address, .port = kFirstPort + (number_of_node(node.id) - 1) % kPorts});
    }
  }
  return logins;
}

}  // namespace batchai::server
