#include "server/batchai/batchai_api.hpp"

#include "server/batchai/routes.hpp"

#include <iterator>

namespace batchai::server {

namespace {

void append(std::vector<Route>& all, std::vector<Route> part) {
  all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
}

}  // namespace

std::vector<Route> batchai_routes(const BatchAiRules& rules) {
  std::vector<Route> all;
  append(all, workspace_routes(rules));
  append(all, experiment_routes(rules));
  append(all, cluster_routes(rules));
  append(all, file_server_routes(rules));
  append(all, job_routes(rules));
  append(all, wide_list_routes(rules));
  append(all, operation_routes(rules));
  append(all, batchai_provider_routes(rules));
  return all;
}

}  // namespace batchai::server
