#include "server/records/loaded_job.hpp"

#include "batchai/models/resource_id.hpp"
#include "server/records/request_body.hpp"
#include "server/records/vm_size.hpp"

#include <utility>

namespace batchai::server {

LoadedJob::LoadedJob(const JobRecord& record, AccountResolver accounts)
    : job_(stored_model<Job>(record.document().hidden.at("parameters"))),
      cluster_(stored_model<Cluster>(record.document().hidden.at("clusterParameters"))),
      cluster_uuid_(text_at(record.document().hidden, "clusterUuid")),
      output_uuid_(text_at(record.document().hidden, "uuid")),
      run_id_(record.run_id()),
      accounts_(std::move(accounts)) {
  const auto& document = record.document();
  job_.id = text_at(document.body, "id");
  job_.name = text_at(document.body, "name");
  job_.tool_type = text_at(properties(document), "toolType");
  job_.job_output_directory_path_segment = text_at(properties(document), "jobOutputDirectoryPathSegment");
}

JobPlanInput LoadedJob::input(std::vector<JobNode> nodes) const {
  const auto parts = parse_resource_id(job_.id);
  return {.job = job_,
          .cluster = cluster_,
          .subscription = parts.subscription,
          .group = parts.group,
          .workspace = parts.find("workspaces"),
          .experiment = parts.find("experiments"),
          .job_name = parts.find("jobs"),
          .output_uuid = output_uuid_,
          .run_id = run_id_,
          .nodes = std::move(nodes),
          .accounts = accounts_};
}

JobNode LoadedJob::node(const Node& node, const NodeProvider& provider) const {
  return job_node(node, cluster_uuid_, cluster_.vm_size, provider);
}

JobNode job_node(const Node& node, const std::string& cluster_uuid, std::string_view vm_size,
                 const NodeProvider& provider) {
  return {.id = node.id,
          .address = node.address,
          .gpus = gpus_of_vm_size(vm_size),
          .visible_gpus = provider.visible_gpus(node.gpus),
          .devices = provider.devices(node.gpus),
          .folder = provider.node_folder(cluster_uuid, node.id),
          .machine_folder = provider.machine_folder(cluster_uuid, node.address)};
}

}  // namespace batchai::server
