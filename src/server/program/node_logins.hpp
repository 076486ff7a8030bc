#pragma once

#include "server/monitoring/observed_store.hpp"
#include "server/program/isolation.hpp"
#include "server/program/server_options.hpp"
#include "server/resources/remote_login.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// Whether the nodes have an SSH server.
struct NodeSshChoice {
  bool on = false;
  /// Why they have none although the operator has not said so; empty otherwise. One sentence, without its full stop.
  std::string trouble = {};
};

NodeSshChoice choose_node_ssh(const ServerOptions& options, const Isolation& isolation);

struct NodeLoginsOptions {
  /// Outlives it.
  Store& store;
  std::filesystem::path data_folder;
  /// As of `--host`, and what users outside of this machine call it.
  std::string host;
  std::string public_host;
  RunSandbox sandbox;
  std::function<RunLimits(std::string_view vm_size)> run_limits;
  /// Called with the id of a node and one line about who signs in there.
  std::function<void(const std::string& node, const std::string& line)> report;
};

/// The SSH servers of the nodes that the store has. Thread-safe.
class NodeLogins {
 public:
  /// Listens for the nodes that there are. Throws std::exception if it cannot be begun.
  explicit NodeLogins(NodeLoginsOptions options);
  /// Ends all connections.
  ~NodeLogins();
  NodeLogins(const NodeLogins&) = delete;
  NodeLogins& operator=(const NodeLogins&) = delete;

  /// Has to be told of all changes, in their order.
  void take_changes(const std::vector<StoreChange>& changes);
  /// As LoginFinder.
  std::optional<RemoteLoginInformation> find(const ClusterRecord& cluster, const Node& node);

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace batchai::server
