#include "server/service/resource_name.hpp"

#include "batchai/models/resource_id.hpp"

#include <algorithm>

namespace batchai::server {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::string WorkspaceName::group_key() const { return lower_case(make_group_id(subscription, group)); }

std::string WorkspaceName::id() const { return make_workspace_id(subscription, group, workspace); }

std::string WorkspaceName::key() const { return lower_case(id()); }

std::string ClusterName::id() const {
  return make_cluster_id(parent.subscription, parent.group, parent.workspace, cluster);
}

std::string ClusterName::key() const { return lower_case(id()); }

std::string ExperimentName::id() const {
  return make_experiment_id(parent.subscription, parent.group, parent.workspace, experiment);
}

std::string ExperimentName::key() const { return lower_case(id()); }

std::string JobName::id() const {
  const auto& workspace = parent.parent;
  return make_job_id(workspace.subscription, workspace.group, workspace.workspace, parent.experiment, job);
}

std::string JobName::key() const { return lower_case(id()); }

std::string operation_resource(std::string_view id) {
  const auto parts = parse_resource_id(id);
  std::string joined = parts.subscription + "$" + parts.group;
  for (const auto& [type, name] : parts.path) {
    joined += "$" + name;
  }
  return joined;
}

}  // namespace batchai::server
