#include "cli/requests/job_request.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/options.hpp"
#include "cli/app/services.hpp"
#include "cli/requests/config_file.hpp"
#include "cli/requests/volumes.hpp"

namespace batchai::cli {

std::string find_cluster(const std::string& named, const Arguments& arguments, const Context& context) {
  const ClustersClient clusters = context.services.batchai().clusters();
  if (!named.starts_with('/')) {
    return clusters.get(arguments.get("resource-group"), arguments.get("workspace"), named, context.call()).id;
  }
  const ResourceIdParts parts = parse_resource_id(named);
  const std::string workspace = parts.find("workspaces");
  const std::string name = parts.find("clusters");
  if (workspace.empty() || name.empty()) {
    throw UsageError("--cluster: '" + named + "' is not the id of a cluster");
  }
  return clusters.get(parts.group, workspace, name, context.call()).id;
}

std::vector<OptionSpec> job_create_options() {
  return join({{.name = "cluster",
                .short_name = 'c',
                .summary = "[required, or in the file] Cluster that runs the job: name or full id.",
                .value_name = "CLUSTER",
                .setting = "cluster"},
               {.name = "config-file",
                .short_name = 'f',
                .summary = "JSON file of its parameters, or '-'.",
                .value_name = "FILE",
                .required = true}},
              volume_options());
}

JobCreateParameters build_job_parameters(const Arguments& arguments, const Context& context) {
  // -c/--cluster, or the error that names it
  const nlohmann::json elsewhere{{"properties", {{"cluster", {{"id", ""}}}}}};
  auto parameters =
      read_config_file<JobCreateParameters>(arguments.get("config-file"), "JobCreateParameters", elsewhere, context);
  const std::string& in_file = parameters.cluster.id;
  const std::string& named = arguments.has("cluster") ? arguments.get("cluster") : in_file;
  if (named.empty()) {
    throw UsageError("please provide the cluster that runs the job", "use -c/--cluster, or cluster in the config file");
  }
  parameters.cluster = ResourceId{.id = find_cluster(named, arguments, context)};
  complete_job_volumes(parameters, arguments, context);
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
