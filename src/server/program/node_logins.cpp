#include "server/program/node_logins.hpp"

#include "server/engine/local_node_provider.hpp"
#include "server/engine/node_ssh.hpp"
#include "server/records/file_server_lookup.hpp"
#include "server/records/hosted_accounts.hpp"
#include "server/scheduling/find_node_login.hpp"

#include <map>
#include <utility>

namespace batchai::server {

namespace {

/// For plans of jobs that have begun: what a port was free for then is in use now.
class NodesOfStartedJobs final : public LocalNodeProvider {
 public:
  using LocalNodeProvider::LocalNodeProvider;
  bool is_free_port(const std::string&, int) const override { return true; }
};

std::map<std::string, std::string> addresses_of(const ClusterRecord& cluster) {
  std::map<std::string, std::string> result;
  for (const auto& node : cluster.nodes) {
    result.emplace(node.id, node.address);
  }
  return result;
}

}  // namespace

NodeSshChoice choose_node_ssh(const ServerOptions& options, const Isolation& isolation) {
  const bool asked = options.node_ssh == NodeSshMode::On;
  if (options.node_ssh == NodeSshMode::Off || (!asked && !is_loopback_host(options.host))) {
    return {};
  }
  if (options.engine != "local") {
    return {.trouble = asked ? "the nodes of a Slurm cluster are machines of their own" : ""};
  }
  if (!isolation.sandbox) {
    const auto reason = isolation.trouble.empty() ? std::string("--isolation none") : isolation.trouble;
    return {.trouble = "they would need a sandbox (" + reason + ")"};
  }
  const auto missing = why_no_sshd();
  return {.on = !missing, .trouble = missing.value_or("")};
}

class NodeLogins::Parts {
 public:
  explicit Parts(NodeLoginsOptions options)
      : options_(std::move(options)),
        nodes_(std::make_unique<NodesOfStartedJobs>(options_.data_folder, count_gpus())),
        login_options_{.provider = *nodes_,
                       .accounts = hosted_accounts(options_.store, options_.data_folder),
                       .file_servers = hosted_file_servers(options_.store, *nodes_),
                       .sandbox = options_.sandbox,
                       .run_limits = options_.run_limits},
        ssh_({.folder = options_.data_folder / "ssh",
              .host = has_own_addresses() ? "" : options_.host,
              .login =
                  [this](const std::string& cluster, const std::string& node) {
                    return find_node_login(options_.store, cluster, node, login_options_);
                  },
              .report = options_.report}) {
    options_.store.read([this](Transaction& transaction) {
      for (auto& document : transaction.list("cluster")) {
        const ClusterRecord cluster(std::move(document));
        ssh_.set_nodes(cluster.key(), addresses_of(cluster));
      }
    });
  }

  void take_change(const StoreChange& change) {
    std::map<std::string, std::string> nodes;
    for (const auto& [id, node] :
         change.after ? change.after->nodes : std::map<std::string, ObservedState::NodeState>{}) {
      nodes.emplace(id, node.address);
    }
    ssh_.set_nodes(change.key, nodes);
  }

  std::optional<RemoteLoginInformation> find(const ClusterRecord& cluster, const Node& node) {
    if (!ssh_.port_of(node.id)) {
      ssh_.set_nodes(cluster.key(), addresses_of(cluster));  // the store knows it, and its change is on the way
    }
    const auto port = ssh_.port_of(node.id);
    if (!port) {
      return std::nullopt;
    }
    return RemoteLoginInformation{
        .node_id = node.id, .ip_address = has_own_addresses() ? node.address : options_.public_host, .port = *port};
  }

 private:
  bool has_own_addresses() const { return is_loopback_host(options_.host); }

  const NodeLoginsOptions options_;
  const std::unique_ptr<const NodeProvider> nodes_;
  const NodeLoginOptions login_options_;
  NodeSsh ssh_;
};

NodeLogins::NodeLogins(NodeLoginsOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {}
NodeLogins::~NodeLogins() = default;

void NodeLogins::take_changes(const std::vector<StoreChange>& changes) {
  for (const auto& change : changes) {
    if (change.kind == "cluster") {
      parts_->take_change(change);
    }
  }
}

std::optional<RemoteLoginInformation> NodeLogins::find(const ClusterRecord& cluster, const Node& node) {
  return parts_->find(cluster, node);
}

}  // namespace batchai::server
