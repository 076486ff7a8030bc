#include "cli/requests/job_request.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/options.hpp"
#include "cli/app/services.hpp"
#include "cli/requests/config_file.hpp"
#include "cli/requests/volumes.hpp"

namespace batchai::cli {

namespace {

/// Of a job without a config file.
JobCreateParameters parameters_of_command(const Arguments& arguments) {
  JobCreateParameters parameters{.node_count = arguments.integer("nodes").value_or(1)};
  parameters.custom_toolkit_settings = CustomToolkitSettings{.command_line = arguments.get("command")};
  return parameters;
}

JobCreateParameters parameters_of_file(const Arguments& arguments, const Context& context) {
  // -c/--cluster, or the error that names it
  const nlohmann::json elsewhere{{"properties", {{"cluster", {{"id", ""}}}}}};
  auto parameters =
      read_config_file<JobCreateParameters>(arguments.get("config-file"), "JobCreateParameters", elsewhere, context);
  if (const auto nodes = arguments.integer("nodes")) {
    parameters.node_count = nodes;
  }
  return parameters;
}

/// Where the first share or container is mounted, below its mount root; empty where there is none.
std::string first_mount(const std::optional<MountVolumes>& volumes) {
  if (volumes && !volumes->azure_file_shares.empty()) {
    return volumes->azure_file_shares.front().relative_mount_path;
  }
  return volumes && !volumes->azure_blob_file_systems.empty()
             ? volumes->azure_blob_file_systems.front().relative_mount_path
             : "";
}

/// The folder for the output of a job without a config file: a volume of the job, else one of its cluster.
std::string output_prefix(const JobCreateParameters& parameters, const Cluster& cluster) {
  if (const std::string mount = first_mount(parameters.mount_volumes); !mount.empty()) {
    return "$AZ_BATCHAI_JOB_MOUNT_ROOT/" + mount;
  }
  const std::string mount = first_mount(cluster.node_setup ? cluster.node_setup->mount_volumes : std::nullopt);
  if (mount.empty()) {
    throw UsageError(
        "the job's output has no place: neither the cluster '" + cluster.name + "' nor the job mounts a share",
        "mount one for the job with --afs-name");
  }
  return "$AZ_BATCHAI_MOUNT_ROOT/" + mount;
}

}  // namespace

Cluster get_cluster(const std::string& named, const std::string& group, const std::string& workspace,
                    const Context& context) {
  const ClustersClient clusters = context.services.batchai().clusters();
  if (!named.starts_with('/')) {
    return clusters.get(group, workspace, named, context.call());
  }
  const ResourceIdParts parts = parse_resource_id(named);
  const std::string other_workspace = parts.find("workspaces");
  const std::string name = parts.find("clusters");
  if (other_workspace.empty() || name.empty()) {
    throw UsageError("--cluster: '" + named + "' is not the id of a cluster");
  }
  return clusters.get(parts.group, other_workspace, name, context.call());
}

std::string find_cluster(const std::string& named, const Arguments& arguments, const Context& context) {
  return get_cluster(named, arguments.get("resource-group"), arguments.get("workspace"), context).id;
}

std::vector<OptionSpec> job_create_options() {
  return join(
      {{.name = "cluster",
        .short_name = 'c',
        .summary = "[required, or in the file] Cluster that runs the job: name or full id.",
        .value_name = "CLUSTER",
        .setting = "cluster"},
       {.name = "config-file",
        .short_name = 'f',
        .summary = "JSON file of its parameters; '-': standard input.",
        .value_name = "FILE"},
       {.name = "command",
        .summary = "Command that the job runs, by bash on its first node, in place of a file; its output goes to "
                   "the first share that the job or its cluster mounts.",
        .value_name = "COMMAND"},
       {.name = "nodes",
        .summary = "Number of nodes; default: the file's, or 1 with --command.",
        .kind = OptionKind::Integer,
        .value_name = "N"}},
      volume_options());
}

void check_job_source(const Arguments& arguments) {
  if (arguments.has("config-file") && arguments.has("command")) {
    throw UsageError("-f/--config-file and --command both say what the job runs: give one");
  }
  if (!arguments.has("config-file") && !arguments.has("command")) {
    throw UsageError("please provide what the job runs", "use -f/--config-file, or --command 'python3 train.py'");
  }
}

JobCreateParameters build_job_parameters(const Arguments& arguments, const Context& context) {
  const bool by_command = arguments.has("command");
  auto parameters = by_command ? parameters_of_command(arguments) : parameters_of_file(arguments, context);
  const std::string& in_file = parameters.cluster.id;
  const std::string& named = arguments.has("cluster") ? arguments.get("cluster") : in_file;
  if (named.empty()) {
    throw UsageError("please provide the cluster that runs the job", "use -c/--cluster, or cluster in the config file");
  }
  const Cluster cluster = get_cluster(named, arguments.get("resource-group"), arguments.get("workspace"), context);
  parameters.cluster = ResourceId{.id = cluster.id};
  complete_job_volumes(parameters, arguments, context);
  if (by_command) {
    parameters.std_out_err_path_prefix = output_prefix(parameters, cluster);
  }
  return parameters;
}

void complete_job_volumes(JobCreateParameters& parameters, const Arguments& arguments, const Context& context) {
  const std::optional<MountedServer> server = find_file_server(arguments, context);
  StorageKeys keys(arguments, context);
  if (parameters.mount_volumes) {
    complete_volumes(*parameters.mount_volumes, keys);
  }
  append_volumes(parameters.mount_volumes, arguments, server, keys, context.services.endpoints().storage_suffix);
}

}  // namespace batchai::cli
