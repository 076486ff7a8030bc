#include "batchai/models/cluster.hpp"
#include "server/batchai/answer.hpp"
#include "server/batchai/query.hpp"
#include "server/batchai/routes.hpp"
#include "server/batchai/waiting.hpp"
#include "server/records/request_body.hpp"

namespace batchai::server {

std::vector<Route> cluster_routes(const BatchAiRules& rules) {
  auto& clusters = rules.clusters;
  const std::string one = kWorkspacePath + "/clusters/{cluster}";
  const RouteHandler remote_login = [&](const Request& request, const PathParameters& path) {
    return login_list_response(request, clusters.remote_login(cluster_name(path), visible_groups(request)));
  };
  return {
      {"GET", kWorkspacePath + "/clusters",
       [&](const Request& request, const PathParameters& path) {
         return list_response(request, clusters.list(workspace_name(path), page_request(request)));
       }},
      {"PUT", one,
       [&](const Request& request, const PathParameters& path) {
         return change_response(request,
                                clusters.create(cluster_name(path), read_body<ClusterCreateParameters>(request.body),
                                                precondition(request)));
       }},
      {"PATCH", one,
       [&](const Request& request, const PathParameters& path) {
         return resource_response(clusters.update(cluster_name(path), read_body<ClusterUpdateParameters>(request.body),
                                                  precondition(request)));
       }},
      {"GET", one,
       [&, await = rules.await](const Request& request, const PathParameters& path) {
         const ClusterName name = cluster_name(path);
         return read_or_wait(request, await, name.key(), [&] { return clusters.text(name); });
       }},
      {"DELETE", one,
       [&](const Request& request, const PathParameters& path) {
         return removed_response(request, clusters.remove(cluster_name(path), precondition(request)));
       }},
      {"POST", one + "/listRemoteLoginInformation", remote_login},
      // Pagers of some clients follow a nextLink with GET.
      {"GET", one + "/listRemoteLoginInformation", remote_login},
  };
}

}  // namespace batchai::server
