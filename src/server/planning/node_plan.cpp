#include "server/planning/node_plan.hpp"

#include "batchai/models/cluster.hpp"
#include "server/planning/job_expand.hpp"
#include "server/planning/job_mounts.hpp"
#include "server/planning/node_view.hpp"
#include "server/planning/run_view.hpp"

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

/// Folders of a node, as jobs on it see them (job_folders).
struct NodeFolders {
  fs::path mounts;
  fs::path home;
  /// Where the setup task starts.
  fs::path setup;
};

NodeFolders folders_of(const JobNode& node) {
  return {.mounts = node.folder / "mounts",
          .home = node.lasting_folder() / "home",
          .setup = node.lasting_folder() / "setup"};
}

Variables user_variables(const SetupTask& task, const Variables& service) {
  Variables user;
  for (const auto& secret : task.secrets) {
    user.emplace(secret.name, secret.value ? secret.value->reveal() : "");
  }
  for (const auto& variable : task.environment_variables) {
    user.emplace(variable.name, expand_service_variables(variable.value, service));
  }
  return user;
}

/// A relative prefix is taken from where the task starts.
fs::path output_folder(const NodePlanInput& input, const SetupTask& task, const NodeFolders& folders,
                       const Variables& variables) {
  return (folders.setup / expand_variables(task.std_out_err_path_prefix, variables) / input.output_suffix)
      .lexically_normal();
}

Variables environment(const NodePlanInput& input, const SetupTask& task, const NodeFolders& folders) {
  const auto gpus = std::to_string(input.node.gpus);
  Variables variables = {
      {"AZ_BATCHAI_MOUNT_ROOT", folders.mounts}, {"AZ_BATCHAI_NUM_GPUS", gpus}, {"AZ_BATCHAI_NUM_GPUS_PER_NODE", gpus}};
  variables["AZ_BATCHAI_STDOUTERR_DIR"] = output_folder(input, task, folders, variables);
  // The service's values win; jobs on the node later get the same home.
  variables.merge(user_variables(task, variables));
  variables.try_emplace("HOME", folders.home);
  if (input.node.visible_gpus) {
    variables.try_emplace("CUDA_VISIBLE_DEVICES", *input.node.visible_gpus);
  }
  return variables;
}

RunPlan plan_task(const NodePlanInput& input, const SetupTask& task, const NodeFolders& folders) {
  RunPlan plan{.run_id = input.run_id, .name = "setup", .node_kind = input.cluster.vm_size};
  plan.environment = environment(input, task, folders);
  const fs::path output = plan.environment.at("AZ_BATCHAI_STDOUTERR_DIR");
  plan.nodes = {{.id = input.node.id,
                 .address = input.node.address,
                 .gpus = input.node.gpus,
                 .working_directory = folders.setup,
                 .execution_log = output / ("execution-" + input.node.id + ".log"),
                 .temporary = temporary_folder(input.node.folder),
                 .devices = input.node.devices}};
  plan.directories = {folders.mounts, folders.home, folders.setup, output};
  plan.processes = {{.name = "setup",
                     .command = task.command_line,
                     .stdout_file = output / ("stdout-" + input.node.id + ".txt"),
                     .stderr_file = output / ("stderr-" + input.node.id + ".txt")}};
  return plan;
}

}  // namespace

std::optional<RunPlan> plan_node(const NodePlanInput& input) {
  const auto folders = folders_of(input.node);
  const auto setup = input.cluster.node_setup.value_or(NodeSetup{});
  auto mounts = plan_mounts(volumes_of(input.cluster), folders.mounts, input.accounts, input.file_servers);
  if (!setup.setup_task) {
    return std::nullopt;
  }
  auto plan = plan_task(input, *setup.setup_task, folders);
  plan.node_mounts = std::move(mounts);
  plan.limits = input.limits;
  if (input.sandbox) {
    plan.sandbox = input.sandbox;
    show_folders(*plan.sandbox, plan, {input.node}, {volumes_of(input.cluster)}, input.file_servers);
    add_temporary_folders({input.node}, plan);
  }
  return plan;
}

}  // namespace batchai::server
