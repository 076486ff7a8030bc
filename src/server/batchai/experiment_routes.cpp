#include "batchai/models/experiment.hpp"
#include "server/batchai/answer.hpp"
#include "server/batchai/query.hpp"
#include "server/batchai/routes.hpp"

namespace batchai::server {

std::vector<Route> experiment_routes(const BatchAiRules& rules) {
  auto& experiments = rules.experiments;
  return {
      {"GET", kWorkspacePath + "/experiments",
       [&](const Request& request, const PathParameters& path) {
         return list_response(request, experiments.list(workspace_name(path), page_request(request)));
       }},
      {"PUT", kExperimentPath,
       [&](const Request& request, const PathParameters& path) {
         return resource_response(experiments.create(experiment_name(path), precondition(request)));
       }},
      {"GET", kExperimentPath,
       [&](const Request&, const PathParameters& path) {
         return resource_response(experiments.get(experiment_name(path)));
       }},
      {"DELETE", kExperimentPath,
       [&](const Request& request, const PathParameters& path) {
         return removed_response(request, experiments.remove(experiment_name(path), precondition(request)));
       }},
  };
}

}  // namespace batchai::server
