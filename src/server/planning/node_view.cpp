#include "server/planning/node_view.hpp"

#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "core/joined.hpp"
#include "core/parse_number.hpp"

#include <iterator>
#include <set>
#include <sstream>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

/// Port that Azure Batch names beside the master's address.
constexpr std::string_view kBatchMasterPort = "6000";

fs::path shared_temp(const JobPlanInput& input) { return job_folders(input, input.nodes.front()).job / "shared"; }

Variables node_variables(const JobPlanInput& input, const JobNode& node, const JobFolders& folders) {
  const auto& master = input.nodes.front();
  const auto gpus = std::to_string(node.gpus);
  return {{"AZ_BATCHAI_MOUNT_ROOT", folders.mounts},
          {"AZ_BATCHAI_JOB_MOUNT_ROOT", folders.job_mounts},
          {"AZ_BATCHAI_JOB_TEMP", folders.temp},
          {"AZ_BATCHAI_JOB_TEMP_DIR", folders.temp_root},
          {"AZ_BATCHAI_SHARED_JOB_TEMP", shared_temp(input)},
          {"AZ_BATCHAI_MPI_HOST_FILE", job_folders(input, master).job / "hostfile"},
          {"AZ_BATCHAI_MPI_MASTER_NODE", master.address},
          {"AZ_BATCHAI_NUM_GPUS", gpus},
          {"AZ_BATCHAI_NUM_GPUS_PER_NODE", gpus},
          {"AZ_BATCH_HOST_LIST", joined(input.nodes, ",", &JobNode::address)},
          {"AZ_BATCH_MASTER_NODE", master.address + ":" + std::string(kBatchMasterPort)}};
}

bool in_container(const JobPlanInput& input) {
  return input.job.container_settings && input.containers.kind == ContainerUse::Kind::Podman;
}

std::vector<int> numbers_in(const std::string& list) {
  std::vector<int> result;
  std::istringstream stream(list);
  for (std::string word; std::getline(stream, word, ',');) {
    if (const auto number = parse_number<int>(word)) {
      result.push_back(*number);
    }
  }
  return result;
}

/// In a container there are the GPUs of the job's nodes only, and they are counted anew.
std::string numbers_in_container(const JobPlanInput& input, const std::string& gpus) {
  std::set<int> all;
  for (const auto& node : input.nodes) {
    const auto numbers = numbers_in(node.visible_gpus.value_or(""));
    all.insert(numbers.begin(), numbers.end());
  }
  return joined(numbers_in(gpus), ",",
                [&all](int gpu) { return std::to_string(std::distance(all.begin(), all.find(gpu))); });
}

/// Relative paths are taken from the job's working directory.
fs::path expand_prefix(const std::string& text, const Variables& variables) {
  return (fs::path(variables.at("AZ_BATCHAI_JOB_TEMP")) / expand_variables(text, variables)).lexically_normal();
}

/// `relative_path()` keeps a suffix that begins with a slash inside the prefix.
fs::path output_path(const OutputDirectory& directory, const std::string& segment, const Variables& variables) {
  const auto base = expand_prefix(directory.path_prefix, variables) / segment / "outputs";
  const auto suffix = fs::path(expand_variables(directory.path_suffix.value_or(""), variables)).relative_path();
  return suffix.empty() ? base : (base / suffix).lexically_normal();
}

/// The service's values win for its own variables, and the user's for all others.
bool belongs_to_service(std::string_view name) { return name.starts_with("AZ_BATCH"); }

/// A secret overrides a variable of the same name, and is not expanded.
Variables user_variables(const Job& job, const Variables& service) {
  Variables user;
  for (const auto& secret : job.secrets) {
    user.emplace(secret.name, secret.value ? secret.value->reveal() : "");
  }
  for (const auto& variable : job.environment_variables) {
    user.emplace(variable.name, expand_service_variables(variable.value, service));
  }
  return user;
}

}  // namespace

MountVolumes volumes_of(const Cluster& cluster) {
  return cluster.node_setup ? cluster.node_setup->mount_volumes.value_or(MountVolumes{}) : MountVolumes{};
}

MountVolumes volumes_of(const Job& job) { return job.mount_volumes.value_or(MountVolumes{}); }

JobFolders job_folders(const JobPlanInput& input, const JobNode& node) {
  const auto job = node.folder / "jobs" / input.workspace / input.experiment / input.job_name;
  return {.mounts = node.folder / "mounts",
          .job = job,
          .job_mounts = job / "mounts",
          .temp_root = node.folder / "temp",
          .temp = node.folder / "temp" / input.output_uuid,
          .home = node.lasting_folder() / "home"};
}

NodeView node_view(const JobPlanInput& input, std::size_t node) {
  NodeView view{.folders = job_folders(input, input.nodes.at(node))};
  auto& variables = view.variables;
  variables = node_variables(input, input.nodes.at(node), view.folders);
  const auto segment = job_output_segment(input.subscription, input.group, input.workspace, input.experiment,
                                          input.job_name, input.output_uuid);
  view.stdouterr = expand_prefix(input.job.std_out_err_path_prefix, variables) / segment / "stdouterr";
  variables["AZ_BATCHAI_STDOUTERR_DIR"] = view.stdouterr;
  for (const auto& input_directory : input.job.input_directories) {
    variables["AZ_BATCHAI_INPUT_" + input_directory.id] = expand_variables(input_directory.path, variables);
  }
  for (const auto& directory : input.job.output_directories) {
    view.outputs.emplace_back(directory.id, output_path(directory, segment, variables));
    variables["AZ_BATCHAI_OUTPUT_" + directory.id] = view.outputs.back().second;
  }
  // A job's own home: what job preparations install for the user or write to .bashrc stays on the node. A container has
  // its own.
  if (!in_container(input)) {
    variables["HOME"] = view.folders.home;
  }
  if (const auto& gpus = input.nodes.at(node).visible_gpus) {
    variables["CUDA_VISIBLE_DEVICES"] = in_container(input) ? numbers_in_container(input, *gpus) : *gpus;
  }
  return view;
}

Variables with_user_variables(const Job& job, Variables service) {
  for (auto& [name, value] : user_variables(job, service)) {
    if (!belongs_to_service(name) || !service.contains(name)) {
      service[name] = std::move(value);
    }
  }
  return service;
}

std::string host_file(const std::vector<JobNode>& nodes, int slots, const NodeProvider& provider) {
  std::string text;
  for (const auto& node : nodes) {
    text += provider.mpi_host(node.address) + " slots=" + std::to_string(slots) + "\n";
  }
  return text;
}

}  // namespace batchai::server
