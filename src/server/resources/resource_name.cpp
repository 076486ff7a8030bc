#include "server/resources/resource_name.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"

namespace batchai::server {

std::string WorkspaceName::group_key() const { return to_lower(make_group_id(subscription, group)); }

std::string WorkspaceName::id() const { return make_workspace_id(subscription, group, workspace); }

std::string WorkspaceName::key() const { return to_lower(id()); }

std::string ClusterName::id() const {
  return make_cluster_id(parent.subscription, parent.group, parent.workspace, cluster);
}

std::string ClusterName::key() const { return to_lower(id()); }

std::string FileServerName::id() const {
  return make_file_server_id(parent.subscription, parent.group, parent.workspace, file_server);
}

std::string FileServerName::key() const { return to_lower(id()); }

std::string ExperimentName::id() const {
  return make_experiment_id(parent.subscription, parent.group, parent.workspace, experiment);
}

std::string ExperimentName::key() const { return to_lower(id()); }

std::string JobName::id() const {
  const auto& workspace = parent.parent;
  return make_job_id(workspace.subscription, workspace.group, workspace.workspace, parent.experiment, job);
}

std::string JobName::key() const { return to_lower(id()); }

std::string operation_resource(std::string_view id) {
  const auto parts = parse_resource_id(id);
  std::string joined = parts.subscription + "$" + parts.group;
  for (const auto& [type, name] : parts.path) {
    joined += "$" + name;
  }
  return joined;
}

}  // namespace batchai::server
