#include "server/planning/job_plan.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "core/shell_quote.hpp"
#include "server/planning/container_plan.hpp"
#include "server/planning/job_command.hpp"
#include "server/planning/job_mounts.hpp"
#include "server/planning/node_plan.hpp"
#include "server/planning/node_view.hpp"
#include "server/planning/run_view.hpp"
#include "server/planning/toolkits/toolkits.hpp"

#include <algorithm>
#include <set>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongestRun = std::chrono::days(7);

[[noreturn]] void refuse(const std::string& message) { throw JobPlanError("InvalidJob", message); }

template <class Directories>
void check_ids(const Directories& directories, const std::string& what) {
  std::set<std::string> seen;
  for (const auto& directory : directories) {
    if (!is_variable_name("_" + directory.id) || directory.id.empty() || directory.id == kStdOutErr) {
      refuse("\"" + directory.id + "\" cannot be the id of an " + what +
             " directory: letters, digits and _ are allowed, \"stdouterr\" is reserved.");
    }
    if (!seen.insert(directory.id).second) {
      refuse("The " + what + " directory id \"" + directory.id + "\" is used twice.");
    }
  }
}

template <class Settings>
void check_names(const Settings& variables) {
  for (const auto& variable : variables) {
    if (!is_variable_name(variable.name)) {
      refuse("\"" + variable.name + "\" cannot be the name of an environment variable.");
    }
  }
}

void check_container(const JobPlanInput& input) {
  if (!input.job.container_settings) {
    return;
  }
  const auto& image = input.job.container_settings->image_source_registry.image;
  if (input.containers.kind == ContainerUse::Kind::Refuse) {
    const auto& reason = input.containers.reason;
    throw container_error(image, (reason.empty() ? "this service refuses them" : reason) +
                                     ". Remove containerSettings, or let the operator of the service start it with "
                                     "--containers podman, or with --containers host, which runs such jobs on the "
                                     "node itself");
  }
  if (input.containers.kind == ContainerUse::Kind::Podman && input.provider->chooses_machines_late() &&
      input.nodes.size() > 1) {
    throw container_error(image, "with this engine, jobs in containers have one node");
  }
}

void check(const JobPlanInput& input) {
  const auto& job = input.job;
  if (input.nodes.empty() || input.nodes.size() != static_cast<std::size_t>(std::max(job.node_count, 0))) {
    refuse("The job needs " + std::to_string(job.node_count) + " node(s) and was given " +
           std::to_string(input.nodes.size()) + ".");
  }
  check_container(input);
  check_ids(job.input_directories, "input");
  check_ids(job.output_directories, "output");
  check_names(job.environment_variables);
  check_names(job.secrets);
  for (const auto& secret : job.secrets) {
    if (!secret.value) {
      refuse("The value of the secret " + secret.name + " is in a key vault, which this service cannot read.");
    }
  }
}

int rank_of(const Job& job) {
  const auto& priority = job.scheduling_priority.value();
  return iequals(priority, JobPriority::kHigh) ? 0 : iequals(priority, JobPriority::kLow) ? 2 : 1;
}

void add_mounts(const JobPlanInput& input, const JobFolders& folders, RunPlan& plan) {
  const auto add = [&](const MountVolumes& volumes, const fs::path& root, Mounts& mounts) {
    for (auto& mount : plan_mounts(volumes, root, input.accounts, input.file_servers)) {
      mounts.push_back(std::move(mount));
    }
    plan.directories.push_back(root);
  };
  add(volumes_of(input.cluster), folders.mounts, plan.node_mounts);
  add(volumes_of(input.job), folders.job_mounts, plan.mounts);
}

/// `-{node id}` in the names of files that there is one of per node, where there are several.
std::string node_suffix(const JobPlanInput& input, std::size_t node) {
  return input.nodes.size() > 1 ? "-" + input.nodes[node].id : "";
}

void add_node(const JobPlanInput& input, std::size_t index, const NodeView& view, RunPlan& plan) {
  const auto& node = input.nodes[index];
  plan.nodes.push_back({.id = node.id,
                        .address = node.address,
                        .gpus = node.gpus,
                        .working_directory = view.folders.temp,
                        .execution_log = view.stdouterr / ("execution" + node_suffix(input, index) + ".log"),
                        .temporary = temporary_folder(node.folder),
                        .devices = node.devices});
  plan.cleared.push_back(view.folders.temp_root);
  plan.cleared.push_back(view.folders.job);
  add_mounts(input, view.folders, plan);
  for (const auto& folder : {view.folders.temp, view.folders.home, view.stdouterr}) {
    plan.directories.push_back(folder);
  }
  for (const auto& [id, path] : view.outputs) {
    plan.directories.push_back(path);
  }
}

Variables merged(Variables stronger, const Variables& weaker) {
  stronger.insert(weaker.begin(), weaker.end());
  return stronger;
}

RunProcess preparation_of(const JobPlanInput& input, std::size_t node, const NodeView& view, Variables environment) {
  const auto name = "job_prep" + node_suffix(input, node) + ".txt";
  return {.name = "job_prep",
          .node = node,
          .command = input.job.job_preparation->command_line,
          .environment = std::move(environment),
          .stdout_file = view.stdouterr / ("stdout-" + name),
          .stderr_file = view.stdouterr / ("stderr-" + name)};
}

RunProcess process_of(const ToolkitProcess& process, const NodeView& view, Variables environment) {
  const auto tag = process.log_tag.empty() ? "" : "-" + process.log_tag;
  return {.name = process.name,
          .node = process.node,
          .command = process.command,
          .environment = std::move(environment),
          .stdout_file = view.stdouterr / ("stdout" + tag + ".txt"),
          .stderr_file = view.stdouterr / ("stderr" + tag + ".txt"),
          .determines_exit = process.determines_exit};
}

std::chrono::seconds limit_of(const Job& job) {
  const auto limit = job.constraints ? job.constraints->max_wall_clock_time : std::nullopt;
  return limit ? std::chrono::ceil<std::chrono::seconds>(*limit) : kLongestRun;
}

void add_processes(const JobPlanInput& input, const ToolkitPlan& toolkit, const std::vector<NodeView>& views,
                   RunPlan& plan) {
  for (std::size_t node = 0; node < views.size() && input.job.job_preparation; ++node) {
    const auto service = merged(toolkit.environment, views[node].variables);
    plan.preparation.push_back(preparation_of(input, node, views[node], with_user_variables(input.job, service)));
  }
  for (const auto& process : toolkit.processes) {
    const auto& view = views.at(process.node);
    const auto service = merged(process.environment, merged(toolkit.environment, view.variables));
    plan.processes.push_back(process_of(process, view, with_user_variables(input.job, service)));
  }
  plan.ends_on_failure = toolkit.ends_on_failure;
}

void add_programs(const JobPlanInput& input, const fs::path& folder, const ToolkitPlan& toolkit,
                  const std::vector<NodeView>& views, RunPlan& plan) {
  std::vector<ProgramNode> nodes;
  for (std::size_t node = 0; node < views.size(); ++node) {
    nodes.push_back({input.nodes[node].address,
                     with_user_variables(input.job, merged(toolkit.environment, views[node].variables))});
  }
  for (auto& file : input.provider->programs(folder, nodes, toolkit.uses_mpi)) {
    plan.files.push_back(std::move(file));
  }
  plan.programs = folder;
}

void add_toolkit(const JobPlanInput& input, const std::vector<NodeView>& views, RunPlan& plan) {
  const auto& job_folder = views.front().folders.job;
  const auto shared = job_folder / "shared";
  const auto programs = job_folder / "bin";
  auto toolkit = plan_toolkit(input.job, {input.nodes, shared, programs, *input.provider});
  toolkit.environment = merged(std::move(toolkit.environment), input.provider->communication_environment());
  // Python keeps what it prints to a file until it has 8 KiB of it: who follows a job would see nothing for long.
  toolkit.environment.try_emplace("PYTHONUNBUFFERED", "1");
  plan.directories.push_back(shared);
  // Each file costs a trivial job a hundredth of what it takes: most jobs have one node and no MPI.
  if (toolkit.uses_mpi || input.nodes.size() > 1) {
    plan.directories.push_back(job_folder / "mpi");
  }
  plan.files.push_back({job_folder / "hostfile", host_file(input.nodes, toolkit.slots, *input.provider)});
  add_programs(input, programs, toolkit, views, plan);
  add_processes(input, toolkit, views, plan);
}

/// Adds the folders of the job.
void complete_view(const JobPlanInput& input, const RunPlan& plan, RunSandbox& view) {
  show_folders(view, plan, input.nodes, {volumes_of(input.cluster), volumes_of(input.job)}, input.file_servers);
}

void add_sandbox(const JobPlanInput& input, RunPlan& plan) {
  plan.sandbox = input.sandbox;
  for (const auto& path : input.provider->readable(input.nodes.size())) {
    plan.sandbox->readable.push_back(path);
  }
  complete_view(input, plan, *plan.sandbox);
  add_temporary_folders(input.nodes, plan);
  for (const auto& node : input.nodes) {
    plan.cleared.push_back(temporary_folder(node.folder));
  }
}

void add_container(const JobPlanInput& input, const Variables& variables, RunPlan& plan) {
  if (!input.job.container_settings) {
    return;
  }
  const auto& settings = *input.job.container_settings;
  if (input.containers.kind == ContainerUse::Kind::Host) {
    plan.remark = "the job asks for the image " + settings.image_source_registry.image +
                  ", but runs on the node itself (--containers host)";
    return;
  }
  plan.container = plan_container(settings, variables, input.containers);
  complete_view(input, plan, plan.container->view);
}

/// The task with its outputs, left out where this machine has had it since it was booted: what comes up anew under an
/// old name may be another machine, or have an empty disk. Of several jobs that begin there at a time, the others wait.
std::string once_on_machine(const RunProcess& task, const fs::path& setup_folder) {
  const auto assign = [](const std::string& name, const std::string& value) {
    return name + "=" + shell_quote(value) + "\n";
  };
  return "cd " + shell_quote(setup_folder.string()) + " || exit\n" +
         assign("mark", setup_folder.parent_path() / "set-up") + "exec 9>> \"$mark.lock\" && flock 9 || exit\n" +
         assign("output", task.stdout_file) + assign("errors", task.stderr_file) +
         R"sh(boot=$(cat /proc/sys/kernel/random/boot_id)
[ "$(cat "$mark" 2> /dev/null)" != "$boot" ] || exit 0
(exec 9>&- > "$output" 2> "$errors" || exit; eval )sh" +
         shell_quote(task.command) + R"sh()
code=$?
[ $code != 0 ] || echo "$boot" > "$mark"
exit $code)sh";
}

/// The setup task of the cluster for each machine, under the machine's name.
void add_setup(const JobPlanInput& input, RunPlan& plan) {
  if (!input.provider->chooses_machines_late()) {
    return;
  }
  for (std::size_t index = 0; index < input.nodes.size(); ++index) {
    JobNode node = input.nodes[index];
    node.id = input.provider->mpi_host(node.address);
    auto setup = plan_node({.cluster = input.cluster,
                            .output_suffix = input.setup_suffix,
                            .run_id = input.run_id,
                            .node = std::move(node),
                            .accounts = input.accounts,
                            .file_servers = input.file_servers});
    if (!setup) {
      return;
    }
    auto& task = setup->processes.front();
    task.node = index;
    task.command = once_on_machine(task, setup->nodes.front().working_directory);
    task.stdout_file.clear();
    task.stderr_file.clear();
    task.environment = std::move(setup->environment);
    plan.setup.push_back(std::move(task));
    plan.directories.insert(plan.directories.end(), setup->directories.begin(), setup->directories.end());
  }
}

}  // namespace

RunPlan plan_job(const JobPlanInput& input) {
  check(input);
  RunPlan plan{
      .run_id = input.run_id, .name = input.job_name, .node_kind = input.cluster.vm_size, .rank = rank_of(input.job)};
  std::vector<NodeView> views;
  for (std::size_t node = 0; node < input.nodes.size(); ++node) {
    views.push_back(node_view(input, node));
    add_node(input, node, views.back(), plan);
  }
  add_setup(input, plan);
  add_toolkit(input, views, plan);
  plan.limit = limit_of(input.job);
  plan.limits = input.limits;
  if (input.sandbox) {
    add_sandbox(input, plan);
  }
  add_container(input, views.front().variables, plan);
  return plan;
}

std::string job_output_segment(std::string_view subscription, std::string_view group, std::string_view workspace,
                               std::string_view experiment, std::string_view job, std::string_view output_uuid) {
  std::string result(subscription);
  for (const auto part : {group, std::string_view("workspaces"), workspace, std::string_view("experiments"), experiment,
                          std::string_view("jobs"), job, output_uuid}) {
    result.append("/").append(part);
  }
  return result;
}

}  // namespace batchai::server
