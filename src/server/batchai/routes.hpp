#pragma once

#include "server/batchai/batchai_api.hpp"

#include <string>
#include <vector>

/// The parts of the route table, one per kind of resource.
namespace batchai::server {

inline const std::string kProviderPath = "/subscriptions/{subscription}/providers/Microsoft.BatchAI";
inline const std::string kGroupPath =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.BatchAI/workspaces";
inline const std::string kWorkspacePath = kGroupPath + "/{workspace}";
inline const std::string kExperimentPath = kWorkspacePath + "/experiments/{experiment}";

inline WorkspaceName workspace_name(const PathParameters& path) {
  return {path["subscription"], path["group"], path["workspace"]};
}
inline ClusterName cluster_name(const PathParameters& path) { return {workspace_name(path), path["cluster"]}; }
inline FileServerName file_server_name(const PathParameters& path) {
  return {workspace_name(path), path["fileServer"]};
}
inline ExperimentName experiment_name(const PathParameters& path) { return {workspace_name(path), path["experiment"]}; }
inline JobName job_name(const PathParameters& path) { return {experiment_name(path), path["job"]}; }

std::vector<Route> workspace_routes(const BatchAiRules& rules);
std::vector<Route> experiment_routes(const BatchAiRules& rules);
std::vector<Route> cluster_routes(const BatchAiRules& rules);
std::vector<Route> file_server_routes(const BatchAiRules& rules);
std::vector<Route> job_routes(const BatchAiRules& rules);
/// Lists of what lies deeper, which the published API does not have.
std::vector<Route> wide_list_routes(const BatchAiRules& rules);
std::vector<Route> operation_routes(const BatchAiRules& rules);
/// What is the provider's rather than a resource's: its operations and usages.
std::vector<Route> batchai_provider_routes(const BatchAiRules& rules);

}  // namespace batchai::server
