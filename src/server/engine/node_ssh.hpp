#pragma once

#include "server/run/node_login.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace batchai::server {

struct NodeSshOptions {
  /// Of the host key; made if missing, mode 0700.
  std::filesystem::path folder;
  /// Address or name of this machine that all nodes are reached at, each at a port of its own; empty: each at its own
  /// address.
  std::string host = {};
  /// Who may sign in to a node now, by the cluster's key and the node's id; nothing if there is no such node any
  /// more. Called for each connection, on a thread of this object.
  std::function<std::optional<NodeLogin>(const std::string& cluster, const std::string& node)> login;
  /// Called with one line about a node: who has signed in, what has failed. No secrets.
  std::function<void(const std::string& node, const std::string& line)> report = [](const std::string&,
                                                                                    const std::string&) {};
};

/// Lets people in to the nodes of this machine: listens for each, and has OpenSSH's server started in the node's
/// sandbox for each connection, so that there is no process as long as nobody is there. Connections end with this
/// object, and with their node. Thread-safe.
class NodeSsh {
 public:
  /// Throws std::exception if the host key cannot be made.
  explicit NodeSsh(NodeSshOptions options);
  ~NodeSsh();
  NodeSsh(const NodeSsh&) = delete;
  NodeSsh& operator=(const NodeSsh&) = delete;

  /// These are the nodes of the cluster, by id and address: listens for new ones, and stops for others and ends their
  /// connections. Does not throw for a node that it cannot listen for, and tries the next call again.
  void set_nodes(const std::string& cluster, const std::map<std::string, std::string>& nodes);
  /// Port of a node of set_nodes(); nothing where nobody listens.
  std::optional<std::uint16_t> port_of(const std::string& node) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// Why there can be no SSH server on nodes of this machine, as one sentence; nothing if there can.
std::optional<std::string> why_no_sshd();

}  // namespace batchai::server
