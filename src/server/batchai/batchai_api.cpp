#include "server/batchai/batchai_api.hpp"

#include "server/batchai/answer.hpp"
#include "server/batchai/query.hpp"
#include "server/batchai/routes.hpp"
#include "server/records/request_body.hpp"

#include <iterator>

namespace batchai::server {

namespace {

void append(std::vector<Route>& all, std::vector<Route> part) {
  all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
}

Route with_api_version(Route route) {
  route.handler = [handler = std::move(route.handler)](const Request& request, const PathParameters& path) {
    require_api_version(request);
    return handler(request, path);
  };
  return route;
}

}  // namespace

std::vector<Route> batchai_routes(const BatchAiRules& rules) {
  std::vector<Route> all;
  append(all, workspace_routes(rules));
  append(all, experiment_routes(rules));
  append(all, cluster_routes(rules));
  append(all, file_server_routes(rules));
  append(all, job_routes(rules));
  append(all, operation_routes(rules));
  append(all, batchai_provider_routes(rules));
  for (auto& route : all) {
    route = with_api_version(std::move(route));
  }
  return all;
}

}  // namespace batchai::server
