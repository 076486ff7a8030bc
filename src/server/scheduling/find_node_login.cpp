#include "server/scheduling/find_node_login.hpp"

#include "server/planning/login_plan.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/job_record.hpp"
#include "server/records/loaded_job.hpp"
#include "server/records/request_body.hpp"

#include <utility>

namespace batchai::server {

namespace {

/// The job on the node; nothing if there is none, or nothing of it to be seen yet.
std::optional<JobRecord> job_on(Transaction& transaction, const Node& node) {
  auto document = node.job.empty() ? std::nullopt : transaction.get(node.job);
  if (!document) {
    return std::nullopt;
  }
  JobRecord job(std::move(*document));
  return job.on_nodes() && job.handed_over() ? std::optional(std::move(job)) : std::nullopt;
}

/// Nothing where the job has no plan any more, as when a share has been deleted under it.
std::optional<RunPlan> plan_of_job(const JobRecord& job, const ClusterRecord& cluster, const Node& node,
                                   const NodeLoginOptions& options) {
  const LoadedJob inputs(job, options.accounts);
  std::vector<JobNode> nodes;
  for (const auto& each : cluster.nodes) {
    if (each.job == job.key()) {
      nodes.push_back(inputs.node(each, options.provider));
    }
  }
  auto input = inputs.input(std::move(nodes));
  input.file_servers = options.file_servers;
  input.provider = &options.provider;
  input.setup_suffix = cluster.setup_suffix();
  // Who signs in comes to the node, also where the job is in a container there.
  input.containers.kind = ContainerUse::Kind::Host;
  input.sandbox = options.sandbox;
  input.limits = options.run_limits(input.cluster.vm_size);
  try {
    return plan_login(input, node.id);
  } catch (const JobPlanError&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<NodeLogin> find_node_login(Store& store, const std::string& key, const std::string& id,
                                         const NodeLoginOptions& options) {
  std::optional<ClusterRecord> cluster;
  std::optional<JobRecord> job;
  store.read([&](Transaction& transaction) {
    if (auto document = transaction.get(key)) {
      cluster.emplace(std::move(*document));
      if (const Node* node = cluster->find_node(id)) {
        job = job_on(transaction, *node);
      }
    }
  });
  const Node* node = cluster ? cluster->find_node(id) : nullptr;
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto parameters = stored_model<Cluster>(cluster->document().hidden.at("parameters"));
  const auto account = parameters.user_account_settings.value_or(UserAccountSettings{});
  NodeLogin login{.user = account.admin_user_name, .public_key = account.admin_user_ssh_public_key.value_or("")};
  if (auto plan = job ? plan_of_job(*job, *cluster, *node, options) : std::nullopt) {
    login.plan = std::move(*plan);
    return login;
  }
  login.plan = plan_login({.cluster = parameters,
                           .output_suffix = "",
                           .run_id = "",
                           .node = job_node(*node, cluster->uuid(), parameters.vm_size, options.provider),
                           .accounts = options.accounts,
                           .file_servers = options.file_servers,
                           .sandbox = options.sandbox,
                           .limits = options.run_limits(parameters.vm_size)});
  login.makes_folders = true;
  return login;
}

}  // namespace batchai::server
