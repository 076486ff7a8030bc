#include "server/planning/login_plan.hpp"

#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "server/planning/job_mounts.hpp"
#include "server/planning/node_view.hpp"
#include "server/planning/run_view.hpp"

#include <algorithm>
#include <utility>

namespace batchai::server {

namespace {

constexpr const char* kLoginName = "ssh";

}  // namespace

RunPlan plan_login(const JobPlanInput& input, std::string_view node_id) {
  auto plan = plan_job(input);
  const auto node =
      static_cast<std::size_t>(std::ranges::find(input.nodes, node_id, &JobNode::id) - input.nodes.begin());
  const auto own = std::ranges::find(plan.processes, node, &RunProcess::node);
  auto process = own == plan.processes.end() ? plan.processes.front() : *own;
  if (own == plan.processes.end()) {
    // Its ranks are started by MPI, which gives them the variables of their node.
    auto variables = with_user_variables(input.job, node_view(input, node).variables);
    variables.merge(process.environment);
    process.environment = std::move(variables);
    process.node = node;
  }
  process.name = kLoginName;
  process.command.clear();
  plan.processes = {std::move(process)};
  return plan;
}

RunPlan plan_login(const NodePlanInput& input) {
  const auto& node = input.node;
  const auto mounts = node.folder / "mounts";
  const auto home = node.folder / "home";
  const auto gpus = std::to_string(node.gpus);
  RunPlan plan{.run_id = input.run_id, .name = kLoginName, .node_kind = input.cluster.vm_size};
  plan.nodes = {{.id = node.id,
                 .address = node.address,
                 .gpus = node.gpus,
                 .working_directory = home,
                 .temporary = temporary_folder(node.folder),
                 .devices = node.devices}};
  plan.node_mounts = plan_mounts(volumes_of(input.cluster), mounts, input.accounts, input.file_servers);
  plan.directories = {mounts, home};
  plan.environment = {{"AZ_BATCHAI_MOUNT_ROOT", mounts},
                      {"AZ_BATCHAI_NUM_GPUS", gpus},
                      {"AZ_BATCHAI_NUM_GPUS_PER_NODE", gpus},
                      {"HOME", home}};
  if (node.visible_gpus) {
    plan.environment["CUDA_VISIBLE_DEVICES"] = *node.visible_gpus;
  }
  plan.processes = {{.name = kLoginName, .command = ""}};
  plan.limits = input.limits;
  plan.sandbox = input.sandbox;
  if (plan.sandbox) {
    add_temporary_folders({node}, plan);
    show_folders(*plan.sandbox, plan, {node}, {volumes_of(input.cluster)}, input.file_servers);
  }
  return plan;
}

}  // namespace batchai::server
