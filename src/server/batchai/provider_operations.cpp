#include "server/batchai/provider_operations.hpp"

#include <iterator>

namespace batchai::server {

namespace {

struct OperationRow {
  std::string_view type;
  /// The name of the type in messages.
  std::string_view resource;
  std::string_view verb;
  std::string_view operation;
  std::string_view description;
};

constexpr OperationRow kRows[] = {
    {"operations", "Operations", "read", "List operations", "Lists what the provider can do"},
    {"locations/usages", "Usages", "read", "List usages", "Lists what is in use in a location, and its limits"},
    {"workspaces", "Workspace", "read", "Read workspaces", "Lists workspaces or gets one"},
    {"workspaces", "Workspace", "write", "Write workspace", "Creates a workspace or changes its tags"},
    {"workspaces", "Workspace", "delete", "Delete workspace", "Deletes a workspace and everything in it"},
    {"workspaces/clusters", "Cluster", "read", "Read clusters", "Lists clusters or gets one"},
    {"workspaces/clusters", "Cluster", "write", "Write cluster", "Creates a cluster or changes its scale settings"},
    {"workspaces/clusters", "Cluster", "delete", "Delete cluster", "Deletes a cluster"},
    {"workspaces/clusters", "Cluster", "listRemoteLoginInformation/action", "List logins of a cluster",
     "Lists where to log on to the nodes of a cluster"},
    {"workspaces/fileServers", "File Server", "read", "Read file servers", "Lists file servers or gets one"},
    {"workspaces/fileServers", "File Server", "write", "Write file server", "Creates a file server"},
    {"workspaces/fileServers", "File Server", "delete", "Delete file server", "Deletes a file server and its data"},
    {"workspaces/experiments", "Experiment", "read", "Read experiments", "Lists experiments or gets one"},
    {"workspaces/experiments", "Experiment", "write", "Write experiment", "Creates an experiment"},
    {"workspaces/experiments", "Experiment", "delete", "Delete experiment", "Deletes an experiment and its jobs"},
    {"workspaces/experiments/jobs", "Job", "read", "Read jobs", "Lists jobs or gets one"},
    {"workspaces/experiments/jobs", "Job", "write", "Write job", "Creates a job"},
    {"workspaces/experiments/jobs", "Job", "delete", "Delete job", "Deletes a job"},
    {"workspaces/experiments/jobs", "Job", "terminate/action", "Terminate job", "Terminates a job"},
    {"workspaces/experiments/jobs", "Job", "listOutputFiles/action", "List output files",
     "Lists what a job has written"},
    {"workspaces/experiments/jobs", "Job", "listRemoteLoginInformation/action", "List logins of a job",
     "Lists where to log on to the nodes of a job"},
};

OperationInfo info_of(const OperationRow& row) {
  OperationInfo info;
  info.name = "Microsoft.BatchAI/" + std::string(row.type) + "/" + std::string(row.verb);
  info.display = OperationDisplay{.provider = "Microsoft Batch AI",
                                  .resource = std::string(row.resource),
                                  .operation = std::string(row.operation),
                                  .description = std::string(row.description)};
  info.origin = "user,system";
  return info;
}

}  // namespace

std::vector<OperationInfo> provider_operations() {
  std::vector<OperationInfo> all;
  for (const auto& row : kRows) {
    all.push_back(info_of(row));
  }
  return all;
}

}  // namespace batchai::server
