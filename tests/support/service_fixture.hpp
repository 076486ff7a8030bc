#pragma once

#include "server/records/cluster_record.hpp"
#include "server/records/request_body.hpp"
#include "server/resources/clusters.hpp"
#include "server/resources/experiments.hpp"
#include "server/resources/file_servers.hpp"
#include "server/resources/jobs.hpp"
#include "server/resources/workspaces.hpp"
#include "server/scheduling/reconciler.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_engine.hpp"
#include "support/fake_nodes.hpp"
#include "support/memory_store.hpp"
#include "support/temporary_folder.hpp"

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace batchai::server::test {

/// The rules and the reconciler over a store in memory, with group `rg`, workspace `ws` and experiment `exp`. The
/// reconciler is stepped by hand.
class ServiceFixture {
 public:
  explicit ServiceFixture(Store* outer = nullptr) : store(outer == nullptr ? memory : *outer) {
    store.write([](Transaction& transaction) {
      transaction.put({.key = "/subscriptions/sub/resourcegroups/rg",
                       .kind = "resourceGroup",
                       .body = {{"id", "/subscriptions/sub/resourceGroups/rg"},
                                {"name", "rg"},
                                {"location", "eastus"},
                                {"properties", {{"provisioningState", "Succeeded"}}}}});
    });
    workspaces.create(ws, {.location = "eastus"});
    experiments.create(exp);
    restart();
  }

  /// A new reconciler, as after a restart of the service.
  void restart() {
    reconciler.reset();
    reconciler = std::make_unique<Reconciler>(
        store, engine, provider, clock,
        ReconcilerOptions{
            .data_folder = folder.path(), .idle_period = idle_period, .limits = limits, .planner = planner});
  }

  /// Rounds until nothing is left to do.
  void settle() {
    for (int round = 0; round < 1000; ++round) {
      if (!reconciler->reconcile_once()) {
        return;
      }
    }
    throw std::logic_error("the reconciler never comes to rest");
  }

  static nlohmann::json cluster_body(const nlohmann::json& scale) {
    return {{"properties",
             {{"vmSize", "Standard_NC6"},
              {"scaleSettings", scale},
              {"userAccountSettings", {{"adminUserName", "admin"}, {"adminUserPassword", "hush-hush"}}}}}};
  }
  static nlohmann::json manual(int count, const std::string& option = "requeue") {
    return {{"manual", {{"targetNodeCount", count}, {"nodeDeallocationOption", option}}}};
  }
  static nlohmann::json auto_scale(int minimum, int maximum) {
    return {{"autoScale", {{"minimumNodeCount", minimum}, {"maximumNodeCount", maximum}}}};
  }
  nlohmann::json job_body(int nodes = 1, const std::string& priority = "normal", const std::string& cluster = "c") {
    return {{"properties",
             {{"cluster", {{"id", ClusterName{ws, cluster}.id()}}},
              {"nodeCount", nodes},
              {"schedulingPriority", priority},
              {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/share"},
              {"customToolkitSettings", {{"commandLine", "echo hi"}}},
              {"secrets", {{{"name", "TOKEN"}, {"value", "hush-hush"}}}}}}};
  }

  Change create_cluster(const std::string& name, const nlohmann::json& scale) {
    return create_cluster_from(name, cluster_body(scale));
  }
  Change create_cluster_from(const std::string& name, const nlohmann::json& body) {
    return clusters.create({ws, name}, read_body<ClusterCreateParameters>(body.dump()));
  }
  /// Its nodes run a setup task, with a secret.
  static nlohmann::json cluster_body_with_setup(const nlohmann::json& scale) {
    auto body = cluster_body(scale);
    body["properties"]["nodeSetup"]["setupTask"] = {{"commandLine", "echo ready"},
                                                    {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/logs/"},
                                                    {"secrets", {{{"name", "TOKEN"}, {"value", "hush-hush"}}}}};
    return body;
  }
  Document resize(const std::string& name, const nlohmann::json& scale) {
    const nlohmann::json body = {{"properties", {{"scaleSettings", scale}}}};
    return clusters.update({ws, name}, read_body<ClusterUpdateParameters>(body.dump()));
  }
  static nlohmann::json file_server_body() {
    return {{"properties",
             {{"vmSize", "Standard_DS2_v2"},
              {"sshConfiguration",
               {{"userAccountSettings", {{"adminUserName", "admin"}, {"adminUserPassword", "hush-hush"}}}}},
              {"dataDisks", {{"diskSizeInGB", 10}, {"diskCount", 2}, {"storageAccountType", "premium_lrs"}}}}}};
  }
  Change create_file_server(const std::string& name, const nlohmann::json& body = file_server_body()) {
    return file_servers.create({ws, name}, read_body<FileServerCreateParameters>(body.dump()));
  }
  Change create_job(const std::string& name, const nlohmann::json& body) {
    return jobs.create({exp, name}, read_body<JobCreateParameters>(body.dump()));
  }

  std::vector<Node> nodes_of(const std::string& name) { return ClusterRecord(clusters.get({ws, name})).nodes; }
  /// Ends the setup tasks of all preparing nodes.
  void end_setups(const std::string& name, const RunOutcome& outcome) {
    for (const auto& node : nodes_of(name)) {
      if (!node.setup_run.empty() && engine.runs.contains(node.setup_run)) {
        engine.end(node.setup_run, outcome);
      }
    }
  }
  int count(const std::string& name, const std::string& state) {
    return cluster(name).at("nodeStateCounts").at(state + "NodeCount");
  }
  nlohmann::json cluster(const std::string& name) { return clusters.get({ws, name}).body.at("properties"); }
  nlohmann::json file_server(const std::string& name) { return file_servers.get({ws, name}).body.at("properties"); }
  nlohmann::json job(const std::string& name) { return jobs.get({exp, name}).body.at("properties"); }
  std::string state(const std::string& name) { return job(name).at("executionState"); }
  std::string run_of(const std::string& name) { return jobs.get({exp, name}).hidden.value("runId", ""); }
  OperationRecord::State operation(const std::string& id) {
    std::optional<OperationRecord> record;
    store.read([&](Transaction& transaction) { record = find_operation(transaction, id); });
    return record.value().state;
  }
  void end_job(const std::string& name, int exit_code) {
    engine.end(run_of(name), {.kind = RunOutcome::Kind::Exited, .exit_code = exit_code, .ended = clock.now()});
  }
  /// Ends every run that was asked to stop, as an engine does.
  void end_stopped(int exit_code = 143) {
    for (auto& [id, run] : engine.runs) {
      if (run.stop_requested && !run.outcome) {
        engine.end(id, {.kind = RunOutcome::Kind::Stopped, .exit_code = exit_code, .ended = clock.now()});
      }
    }
  }

  batchai::test::TemporaryFolder folder;
  batchai::test::FakeClock clock;
  MemoryStore memory{[this] { return clock.now(); }};
  Store& store;
  FakeEngine engine;
  Duration idle_period = std::chrono::seconds(60);
  /// From the next restart() on.
  UsageLimits limits;
  FakeNodes provider{folder.path()};
  std::function<RunPlan(const JobPlanInput&)> planner = [](const JobPlanInput& input) {
    RunPlan plan;
    plan.run_id = input.run_id;
    plan.environment["JOB"] = input.job_name;
    for (const auto& node : input.nodes) {
      plan.nodes.push_back({node.id, node.address, node.gpus});
    }
    return plan;
  };
  const WorkspaceName ws{"sub", "rg", "ws"};
  const ExperimentName exp{ws, "exp"};
  RulesContext context{store, clock};
  Workspaces workspaces{context};
  Experiments experiments{context};
  Clusters clusters{context, "127.0.0.1"};
  FileServers file_servers{context};
  Jobs jobs{context, "127.0.0.1"};
  std::unique_ptr<Reconciler> reconciler;
};

}  // namespace batchai::server::test
