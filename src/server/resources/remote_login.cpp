#include "server/resources/remote_login.hpp"

#include "server/records/node_json.hpp"

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

void add_state(Transaction& transaction, const Node& node, const VisibleGroups& visible,
               RemoteLoginInformation& login) {
  const auto* state =
      std::find_if(kNodeStates.begin(), kNodeStates.end(), [&](const auto& each) { return each.first == node.state; });
  login.unknown.members["nodeState"] = nlohmann::json(state->second).dump();
  if (node.job.empty() || !visible.have(node.job)) {
    return;
  }
  if (const auto job = transaction.get(node.job)) {
    login.unknown.members["job"] = nlohmann::json({{"id", text_at(job->body, "id")}}).dump();
  }
}

}  // namespace

std::vector<RemoteLoginInformation> remote_login_of(Transaction& transaction, const ClusterRecord& cluster,
                                                    const std::vector<std::string>& nodes, const std::string& address,
                                                    const LoginFinder& find, const VisibleGroups& visible) {
  std::vector<RemoteLoginInformation> logins;
  for (const auto& node : cluster.nodes) {
    if (std::find(nodes.begin(), nodes.end(), node.id) != nodes.end()) {
      const auto found = find ? find(cluster, node) : std::nullopt;
      logins.push_back(found ? *found : usual_login(node, address));
      add_state(transaction, node, visible, logins.back());
    }
  }
  return logins;
}

}  // namespace batchai::server
