#include "server/service/job_plan.hpp"

#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "server/service/job_mounts.hpp"
#include "server/service/job_toolkits.hpp"
#include "server/service/job_view.hpp"

#include <algorithm>
#include <set>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

/// Id of the directory of standard output and error, which every job has.
constexpr std::string_view kStdOutErr = "stdouterr";
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

void check(const JobPlanInput& input) {
  const auto& job = input.job;
  if (input.nodes.empty() || input.nodes.size() != static_cast<std::size_t>(std::max(job.node_count, 0))) {
    refuse("The job needs " + std::to_string(job.node_count) + " node(s) and was given " +
           std::to_string(input.nodes.size()) + ".");
  }
  if (job.container_settings && !input.containers_on_host) {
    throw JobPlanError("FailedStartingContainer",
                       "unable to start docker container: this service has no container runtime; remove "
                       "containerSettings to run the job on the node itself",
                       {{"imageName", job.container_settings->image_source_registry.image}});
  }
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

MountVolumes cluster_volumes(const Cluster& cluster) {
  return cluster.node_setup ? cluster.node_setup->mount_volumes.value_or(MountVolumes{}) : MountVolumes{};
}

void add_mounts(const JobPlanInput& input, const JobFolders& folders, RunPlan& plan) {
  const auto add = [&](const MountVolumes& volumes, const fs::path& root) {
    for (auto& mount : plan_mounts(volumes, root, input.accounts, input.file_servers)) {
      plan.mounts.push_back(std::move(mount));
    }
    plan.directories.push_back(root);
  };
  add(cluster_volumes(input.cluster), folders.mounts);
  add(input.job.mount_volumes.value_or(MountVolumes{}), folders.job_mounts);
}

/// `-{node id}` in the names of files that there is one of per node, where there are several.
std::string node_suffix(const JobPlanInput& input, std::size_t node) {
  return input.nodes.size() > 1 ? "-" + input.nodes[node].id : "";
}

RunProcess preparation_of(const JobPlanInput& input, std::size_t node, const JobView& view) {
  const auto name = "job_prep" + node_suffix(input, node) + ".txt";
  return {.name = "job_prep",
          .node = node,
          .command = input.job.job_preparation->command_line,
          .environment = view.environment,
          .stdout_file = view.stdouterr / ("stdout-" + name),
          .stderr_file = view.stdouterr / ("stderr-" + name)};
}

void add_node(const JobPlanInput& input, std::size_t index, const JobView& view, RunPlan& plan) {
  const auto& node = input.nodes[index];
  plan.nodes.push_back({.id = node.id,
                        .address = node.address,
                        .gpus = node.gpus,
                        .working_directory = view.folders.temp,
                        .execution_log = view.stdouterr / ("execution" + node_suffix(input, index) + ".log")});
  plan.cleared.push_back(view.folders.temp_root);
  plan.cleared.push_back(view.folders.job);
  add_mounts(input, view.folders, plan);
  for (const auto& folder : {view.folders.temp, view.folders.home, view.stdouterr}) {
    plan.directories.push_back(folder);
  }
  for (const auto& [id, path] : view.outputs) {
    plan.directories.push_back(path);
  }
  if (input.job.job_preparation) {
    plan.preparation.push_back(preparation_of(input, index, view));
  }
}

/// The service's values are stronger than the user's, which are in `environment` already.
Variables stronger(const Variables& first, const Variables& second) {
  auto result = first;
  result.insert(second.begin(), second.end());
  return result;
}

RunProcess process_of(const ToolkitProcess& process, const JobView& view, const Variables& toolkit_environment) {
  const auto tag = process.log_tag.empty() ? "" : "-" + process.log_tag;
  return {.name = process.name,
          .node = process.node,
          .command = process.command,
          .environment = stronger(process.environment, stronger(toolkit_environment, view.environment)),
          .stdout_file = view.stdouterr / ("stdout" + tag + ".txt"),
          .stderr_file = view.stdouterr / ("stderr" + tag + ".txt"),
          .counts = process.counts};
}

std::chrono::seconds limit_of(const Job& job) {
  const auto limit = job.constraints ? job.constraints->max_wall_clock_time : std::nullopt;
  return limit ? std::chrono::ceil<std::chrono::seconds>(*limit) : kLongestRun;
}

void add_processes(const JobPlanInput& input, const std::vector<JobView>& views, RunPlan& plan) {
  const auto& job_folder = views.front().folders.job;
  const auto shared = job_folder / "shared";
  const auto agent = job_folder / "launch-agent";
  const auto toolkit = plan_toolkit(input.job, input.nodes, shared, agent);
  plan.directories.push_back(shared);
  plan.files.push_back({job_folder / "hostfile", host_file(input.nodes, toolkit.slots)});
  plan.files.push_back({agent, launch_agent_text()});
  for (auto& preparation : plan.preparation) {
    preparation.environment = stronger(toolkit.environment, preparation.environment);
  }
  for (const auto& process : toolkit.processes) {
    plan.processes.push_back(process_of(process, views.at(process.node), toolkit.environment));
  }
}

}  // namespace

RunPlan plan_job(const JobPlanInput& input) {
  check(input);
  RunPlan plan{.run_id = input.run_id};
  std::vector<JobView> views;
  for (std::size_t node = 0; node < input.nodes.size(); ++node) {
    views.push_back(job_view(input, node));
    add_node(input, node, views.back(), plan);
  }
  add_processes(input, views, plan);
  plan.limit = limit_of(input.job);
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

namespace {

fs::path directory_of(const JobView& view, std::string_view id) {
  if (id == kStdOutErr) {
    return view.stdouterr;
  }
  const auto found = std::ranges::find(view.outputs, id, [](const auto& output) { return output.first; });
  if (found == view.outputs.end()) {
    throw std::out_of_range("The job has no output directory \"" + std::string(id) + "\".");
  }
  return found->second;
}

std::optional<OutputPlace> place_in(const MountVolumes& volumes, const fs::path& root, const fs::path& directory,
                                    const AccountResolver& accounts) {
  for (const auto& mounted : mounted_shares(volumes, accounts)) {
    const auto inside = directory.lexically_relative(root / mounted.relative_path);
    if (!inside.empty() && *inside.begin() != "..") {
      const auto path = inside == "." ? fs::path() : inside;
      return OutputPlace{mounted.account, mounted.share, path.generic_string(), mounted.folder / path};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<OutputPlace> job_output_place(const JobPlanInput& input, std::string_view directory_id) {
  auto complete = input;
  if (complete.nodes.empty()) {
    complete.nodes.push_back({.folder = "/node"});  // which one makes no difference on a share
  }
  const auto view = job_view(complete, 0);
  const auto directory = directory_of(view, directory_id);
  const auto place = place_in(cluster_volumes(input.cluster), view.folders.mounts, directory, input.accounts);
  return place ? place
               : place_in(input.job.mount_volumes.value_or(MountVolumes{}), view.folders.job_mounts, directory,
                          input.accounts);
}

}  // namespace batchai::server
