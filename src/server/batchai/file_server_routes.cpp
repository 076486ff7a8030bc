#include "batchai/models/file_server.hpp"
#include "server/batchai/answer.hpp"
#include "server/batchai/query.hpp"
#include "server/batchai/routes.hpp"
#include "server/records/request_body.hpp"

namespace batchai::server {

std::vector<Route> file_server_routes(const BatchAiRules& rules) {
  auto& file_servers = rules.file_servers;
  const std::string one = kWorkspacePath + "/fileServers/{fileServer}";
  return {
      {"GET", kWorkspacePath + "/fileServers",
       [&](const Request& request, const PathParameters& path) {
         return list_response(request, file_servers.list(workspace_name(path), page_request(request)));
       }},
      {"PUT", one,
       [&](const Request& request, const PathParameters& path) {
         return change_response(
             request, file_servers.create(file_server_name(path), read_body<FileServerCreateParameters>(request.body),
                                          precondition(request)));
       }},
      {"GET", one,
       [&](const Request&, const PathParameters& path) {
         return resource_response(file_servers.get(file_server_name(path)));
       }},
      {"DELETE", one,
       [&](const Request& request, const PathParameters& path) {
         return removed_response(request, file_servers.remove(file_server_name(path), precondition(request)));
       }},
  };
}

}  // namespace batchai::server
