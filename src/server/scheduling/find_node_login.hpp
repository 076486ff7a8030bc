#pragma once

#include "server/planning/job_plan.hpp"
#include "server/records/store.hpp"
#include "server/run/node_login.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::server {

struct NodeLoginOptions {
  /// Outlives everything made from these options.
  const NodeProvider& provider;
  AccountResolver accounts;
  FileServerResolver file_servers = nullptr;
  /// As in JobPlanInput.
  RunSandbox sandbox = {};
  std::function<RunLimits(std::string_view vm_size)> run_limits = [](std::string_view) { return RunLimits(); };
};

/// Who may sign in to a node, and what he sees there: what the job that runs on it sees, variables and secrets
/// included, else the volumes of the cluster. Nothing if there is no such node. Only reads the store. Thread-safe.
/// Throws JobPlanError where the volumes of the cluster cannot be mounted.
std::optional<NodeLogin> find_node_login(Store& store, const std::string& cluster, const std::string& node,
                                         const NodeLoginOptions& options);

}  // namespace batchai::server
