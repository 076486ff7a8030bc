#include "core/joined.hpp"
#include "server/faults/refusal.hpp"
#include "server/planning/job_command.hpp"
#include "server/planning/job_ports.hpp"
#include "server/planning/toolkits/checks.hpp"
#include "server/planning/toolkits/toolkit.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace batchai::server {

namespace {

/// The first port on every node; a second process of the job on the same node gets the next one.
constexpr int kFirstTaskPort = 2222;

/// A process of the job before its command is known.
struct Task {
  std::size_t node = 0;
  std::string address;
};

struct Roles {
  std::vector<Task> servers;
  std::vector<Task> workers;
};

bool is_distributed(const TensorFlowSettings& settings, const std::vector<JobNode>& nodes) {
  return nodes.size() > 1 || settings.worker_count || settings.parameter_server_count ||
         settings.worker_command_line_args || settings.parameter_server_command_line_args;
}

std::vector<std::string> addresses(const std::vector<Task>& tasks) {
  std::vector<std::string> result;
  for (const auto& task : tasks) {
    result.push_back(task.address);
  }
  return result;
}

Roles assign_roles(std::size_t servers, std::size_t workers, const ToolkitContext& context) {
  Ports ports(context.nodes, context.provider, kFirstTaskPort);
  const auto take = [&](std::size_t count) {
    std::vector<Task> tasks;
    for (std::size_t i = 0; i < count; ++i) {
      const auto node = i % context.nodes.size();
      tasks.push_back({node, ports.take(node)});
    }
    return tasks;
  };
  Roles roles{.servers = take(servers)};
  roles.workers = take(workers);
  return roles;
}

std::string tf_config(const Roles& roles, const std::string& type, std::size_t index) {
  const nlohmann::json config = {{"cluster", {{"ps", addresses(roles.servers)}, {"worker", addresses(roles.workers)}}},
                                 {"task", {{"type", type}, {"index", index}}},
                                 {"environment", "cloud"}};
  return config.dump();
}

ToolkitProcess make_process(const std::string& role, std::size_t index, const Task& task, std::string command) {
  const auto tag = role + "-" + std::to_string(index);
  return {.name = tag,
          .node = task.node,
          .command = std::move(command),
          .environment = {{"AZ_BATCHAI_TASK_INDEX", std::to_string(index)}},
          .log_tag = tag,
          .determines_exit = role == "wk"};
}

// Worker and parameter server counts make a job a distributed one; they stay absent on jobs of one node.
void complete(const std::string& target, TensorFlowSettings& settings, const JobSize& size) {
  check_script(target, settings.python_script_file_path);
  const bool distributed = size.node_count > 1 || settings.worker_count || settings.parameter_server_count;
  if (!distributed) {
    return;
  }
  settings.worker_count = settings.worker_count.value_or(size.node_count);
  settings.parameter_server_count = settings.parameter_server_count.value_or(1);
  const std::int64_t most_workers = std::int64_t{size.node_count} * std::max(1, size.gpus_per_node);
  if (*settings.worker_count < 1 || *settings.worker_count > most_workers) {
    throw invalid_content(target + ".workerCount",
                          target + ".workerCount: expected 1 to " + std::to_string(most_workers));
  }
  if (*settings.parameter_server_count < 0 || *settings.parameter_server_count > size.node_count) {
    throw invalid_content(target + ".parameterServerCount",
                          target + ".parameterServerCount: expected 0 to " + std::to_string(size.node_count));
  }
}

ToolkitPlan plan(const TensorFlowSettings& settings, const ToolkitContext& context) {
  const auto& nodes = context.nodes;
  const bool distributed = is_distributed(settings, nodes);
  const auto count = [](int value, int least) { return static_cast<std::size_t>(std::max(value, least)); };
  const auto node_count = static_cast<int>(nodes.size());
  const auto roles = assign_roles(distributed ? count(settings.parameter_server_count.value_or(1), 0) : 0,
                                  distributed ? count(settings.worker_count.value_or(node_count), 1) : 1, context);
  const auto command = [&](const std::optional<std::string>& arguments) {
    return script_command(settings.python_interpreter_path, settings.python_script_file_path, arguments);
  };
  ToolkitPlan plan;
  plan.environment = {{"AZ_BATCHAI_PS_HOSTS", joined(roles.servers, ",", &Task::address)},
                      {"AZ_BATCHAI_WORKER_HOSTS", joined(roles.workers, ",", &Task::address)},
                      {"KERAS_BACKEND", "tensorflow"}};
  plan.slots = static_cast<int>((roles.workers.size() + nodes.size() - 1) / nodes.size());
  for (std::size_t i = 0; i < roles.servers.size(); ++i) {
    plan.processes.push_back(
        make_process("ps", i, roles.servers[i], command(settings.parameter_server_command_line_args)));
    plan.processes.back().environment["TF_CONFIG"] = tf_config(roles, "ps", i);
  }
  for (std::size_t i = 0; i < roles.workers.size(); ++i) {
    const auto& arguments = i == 0 ? settings.master_command_line_args : settings.worker_command_line_args;
    plan.processes.push_back(make_process("wk", i, roles.workers[i], command(arguments)));
    if (distributed) {
      plan.processes.back().environment["TF_CONFIG"] = tf_config(roles, i == 0 ? "master" : "worker", i);
    }
  }
  return plan;
}

}  // namespace

Toolkit tensorflow_toolkit() {
  return ToolkitRow<TensorFlowSettings>{"tensorFlowSettings",
                                        ToolType::kTensorFlow,
                                        &JobCreateParameters::tensor_flow_settings,
                                        &Job::tensor_flow_settings,
                                        complete,
                                        plan};
}

}  // namespace batchai::server
