#include "server/resources/remote_login.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

constexpr int kFirstPort = 50000;
constexpr int kPorts = 65536 - kFirstPort;

// The number between `_` and `-` of an id as `tvm-1915592855_1-20180621t171517z`, from 1.
int number_of_node(const std::string& id) { return std::stoi(id.substr(id.find('_') + 1)); }

RemoteLoginInformation usual_login(const Node& node, const std::string& address) {
  return {.node_id = node.id, .ip_address = address, .port = kFirstPort + (number_of_node(node.id) - 1) % kPorts};
}

}  // namespace

std::vector<RemoteLoginInformation> remote_login_of(const ClusterRecord& cluster, const std::vector<std::string>& nodes,
                                                    const std::string& address, const LoginFinder& find) {
  std::vector<RemoteLoginInformation> logins;
  for (const auto& node : cluster.nodes) {
    if (std::find(nodes.begin(), nodes.end(), node.id) != nodes.end()) {
      const auto found = find ? find(cluster, node) : std::nullopt;
      logins.push_back(found ? *found : usual_login(node, address));
    }
  }
  return logins;
}

}  // namespace batchai::server
