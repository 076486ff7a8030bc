#pragma once

#include "batchai/core/clock.hpp"
#include "server/planning/job_plan.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/store.hpp"
#include "server/run/node_provider.hpp"
#include "server/trash/trash.hpp"

#include <exception>
#include <functional>
#include <string>
#include <string_view>

namespace batchai::server {

struct NodeProvisionerOptions {
  /// Both outlive the provisioner.
  const NodeProvider& provider;
  /// Takes the folders of nodes that are gone.
  Trash& trash;
  AccountResolver accounts;
  FileServerResolver file_servers;
  /// As in ReconcilerOptions.
  std::optional<RunSandbox> sandbox = {};
  std::function<RunLimits(std::string_view vm_size)> run_limits = [](std::string_view) { return RunLimits{}; };
  /// Called for failures that it will try again; one sentence each, without secrets.
  std::function<void(const std::string&)> report = [](const std::string&) {};
};

/// Prepares new nodes and removes what is left of old ones. All its knowledge is in the store. Not thread-safe.
class NodeProvisioner {
 public:
  /// All three outlive it.
  NodeProvisioner(Store& store, Engine& engine, Clock& clock, NodeProvisionerOptions options)
      : store_(store), engine_(engine), clock_(clock), options_(std::move(options)) {}

  /// Checks the mounts of a preparing node and hands its setup task to the engine. Without a setup task the node
  /// becomes idle; if either fails, it becomes unusable. It can be repeated. False if the machine is short of what the
  /// task needs: the node is to be prepared again later.
  bool prepare(const std::string& cluster, const std::string& node);

  /// Hands the folder of a node to the trash. Whether that was done; otherwise it is to be tried again later.
  bool clear_away(const RetiredNode& node);

 private:
  std::optional<RunPlan> plan(const ClusterRecord& cluster, const Node& node) const;
  /// The setup task could not be started. Returns what prepare() does.
  bool end_preparation(const std::string& cluster, const Node& node, const std::exception& error);
  void update(const std::string& cluster, const std::string& node, const std::function<void(Node&)>& change);

  Store& store_;
  Engine& engine_;
  Clock& clock_;
  NodeProvisionerOptions options_;
};

}  // namespace batchai::server
