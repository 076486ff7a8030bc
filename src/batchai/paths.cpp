#include "batchai/paths.hpp"

#include "batchai/models/names.hpp"

namespace batchai::inline v1 {
namespace {

Url child_url(Url parent, std::string_view collection, std::string_view name, std::string_view what) {
  check_name(name, what);
  parent.append_segment(collection).append_segment(name);
  return parent;
}

}  // namespace

Url workspaces_url(const Channel& channel, std::string_view group) {
  check_batchai_group_name(group);
  return channel->subscription_url({"resourceGroups", group, "providers", kBatchAiProvider, "workspaces"},
                                   kBatchAiVersion);
}

Url workspace_url(const Channel& channel, std::string_view group, std::string_view workspace) {
  check_name(workspace, "workspace name");
  return workspaces_url(channel, group).append_segment(workspace);
}

Url cluster_url(const Channel& channel, std::string_view group, std::string_view workspace, std::string_view cluster) {
  return child_url(workspace_url(channel, group, workspace), "clusters", cluster, "cluster name");
}

Url file_server_url(const Channel& channel, std::string_view group, std::string_view workspace,
                    std::string_view file_server) {
  return child_url(workspace_url(channel, group, workspace), "fileServers", file_server, "file server name");
}

Url experiment_url(const Channel& channel, std::string_view group, std::string_view workspace,
                   std::string_view experiment) {
  return child_url(workspace_url(channel, group, workspace), "experiments", experiment, "experiment name");
}

Url job_url(const Channel& channel, std::string_view group, std::string_view workspace, std::string_view experiment,
            std::string_view job) {
  return child_url(experiment_url(channel, group, workspace, experiment), "jobs", job, "job name");
}

}  // namespace batchai::inline v1
