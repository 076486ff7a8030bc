#include "server/scheduling/node_provisioner.hpp"

#include "core/shortage.hpp"
#include "server/planning/node_plan.hpp"
#include "server/planning/run_view.hpp"
#include "server/records/loaded_job.hpp"
#include "server/records/request_body.hpp"
#include "server/scheduling/node_setup.hpp"
#include "server/scheduling/scheduling_pass.hpp"

#include <exception>
#include <system_error>
#include <utility>

namespace batchai::server {

namespace fs = std::filesystem;

namespace {

BatchAiError resource_error(const JobPlanError& error, const Node& node) {
  BatchAiError result{error.code(), error.message()};
  for (const auto& [name, value] : error.details()) {
    result.details.push_back({name, value});
  }
  result.details.push_back({"nodeId", node.id});
  return result;
}

}  // namespace

std::optional<RunPlan> NodeProvisioner::plan(const ClusterRecord& cluster, const Node& node) const {
  const auto parameters = stored_model<Cluster>(cluster.document().hidden.at("parameters"));
  return plan_node({.cluster = parameters,
                    .output_suffix = cluster.setup_suffix(),
                    .run_id = node.setup_run,
                    .node = job_node(node, cluster.uuid(), parameters.vm_size, options_.provider),
                    .accounts = options_.accounts,
                    .file_servers = options_.file_servers,
                    .sandbox = options_.sandbox,
                    .limits = options_.run_limits(parameters.vm_size)});
}

bool NodeProvisioner::prepare(const std::string& key, const std::string& id) {
  std::optional<Document> document;
  store_.read([&](Transaction& transaction) { document = transaction.get(key); });
  if (!document) {
    return true;
  }
  ClusterRecord cluster(std::move(*document));
  const Node node = cluster.node(id);
  try {
    const auto planned = plan(cluster, node);
    // Where its machine is to be chosen later, the task is a part of the jobs that run there.
    if (!planned || options_.provider.chooses_machines_late()) {
      update(key, id, [&](Node& current) { make_idle(current, clock_.now()); });
      return true;
    }
    // The engine knows the run if an earlier service died between starting it and noting that.
    const auto outcome = engine_.outcome(node.setup_run);
    if (outcome && outcome->kind == RunOutcome::Kind::Lost) {
      engine_.start(*planned);
    }
  } catch (const JobPlanError& error) {
    update(key, id, [&](Node& current) { make_unusable(current, resource_error(error, node), clock_.now()); });
    return true;
  } catch (const std::exception& error) {
    return end_preparation(key, node, error);
  }
  update(key, id, [](Node& current) { current.setup_handed_over = true; });
  return true;
}

bool NodeProvisioner::end_preparation(const std::string& key, const Node& node, const std::exception& error) {
  const bool busy = is_shortage(error);
  const std::string message =
      "The setup task could not be started" + std::string(busy ? " yet: " : ": ") + error.what();
  options_.report(message);
  update(key, node.id, [&](Node& current) {
    if (busy) {
      set_up_again(current);
    } else {
      make_unusable(current, {"NodeSetupFailed", message, {{"nodeId", node.id}}}, clock_.now());
    }
  });
  store_.write([&](Transaction& transaction) { note_release(transaction, node.setup_run); });
  return !busy;
}

void NodeProvisioner::update(const std::string& key, const std::string& id, const std::function<void(Node&)>& change) {
  store_.write([&](Transaction& transaction) {
    auto document = transaction.get(key);
    if (!document) {
      return;
    }
    ClusterRecord cluster(std::move(*document));
    Node* node = cluster.find_node(id);
    if (node != nullptr && node->state == Node::State::Preparing) {
      change(*node);
      cluster.save(transaction);
    }
  });
}

bool NodeProvisioner::clear_away(const RetiredNode& node) {
  const fs::path folder = options_.provider.node_folder(node.cluster_uuid, node.node);
  for (const auto& part : {folder, temporary_folder(folder)}) {
    const auto error = options_.trash.take(part);
    if (error && error != std::errc::no_such_file_or_directory) {
      options_.report("The folder of the node " + node.node + " could not be removed: " + error.message());
      return false;
    }
  }
  std::error_code ignored;
  fs::remove(folder.parent_path(), ignored);  // done by the last of its nodes; fails for all others
  store_.write([&](Transaction& transaction) { transaction.erase(node.key); });
  return true;
}

}  // namespace batchai::server
