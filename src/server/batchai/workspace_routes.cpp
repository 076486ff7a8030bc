#include "batchai/models/workspace.hpp"
#include "server/batchai/answer.hpp"
#include "server/batchai/query.hpp"
#include "server/batchai/routes.hpp"
#include "server/records/request_body.hpp"

namespace batchai::server {

namespace {

// Not the strict reading of read_body: an absent location has an error code of its own.
WorkspaceCreateParameters read_workspace(const std::string& body) {
  try {
    return parse_json<WorkspaceCreateParameters>(body, "request body");
  } catch (const ProtocolError& error) {
    throw unreadable_body(error);
  }
}

}  // namespace

std::vector<Route> workspace_routes(const BatchAiRules& rules) {
  auto& workspaces = rules.workspaces;
  return {
      {"GET", kProviderPath + "/workspaces",
       [&](const Request& request, const PathParameters& path) {
         return list_response(request, workspaces.list(path["subscription"], page_request(request)));
       }},
      {"GET", kGroupPath,
       [&](const Request& request, const PathParameters& path) {
         return list_response(request,
                              workspaces.list_group(path["subscription"], path["group"], page_request(request)));
       }},
      {"PUT", kWorkspacePath,
       [&](const Request& request, const PathParameters& path) {
         return resource_response(
             workspaces.create(workspace_name(path), read_workspace(request.body), precondition(request)));
       }},
      {"PATCH", kWorkspacePath,
       [&](const Request& request, const PathParameters& path) {
         return resource_response(workspaces.update(
             workspace_name(path), read_body<WorkspaceUpdateParameters>(request.body), precondition(request)));
       }},
      {"GET", kWorkspacePath,
       [&](const Request&, const PathParameters& path) {
         return resource_response(workspaces.get(workspace_name(path)));
       }},
      {"DELETE", kWorkspacePath,
       [&](const Request& request, const PathParameters& path) {
         return removed_response(request, workspaces.remove(workspace_name(path), precondition(request)));
       }},
  };
}

}  // namespace batchai::server
