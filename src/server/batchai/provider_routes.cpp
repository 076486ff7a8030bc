#include "server/batchai/answer.hpp"
#include "server/batchai/provider_operations.hpp"
#include "server/batchai/routes.hpp"

namespace batchai::server {

std::vector<Route> batchai_provider_routes(const BatchAiRules& rules) {
  auto& usages = rules.usages;
  return {
      {"GET", "/providers/Microsoft.BatchAI/operations",
       [](const Request& request, const PathParameters&) {
         return model_list_response(request, provider_operations());
       }},
      {"GET", kProviderPath + "/locations/{location}/usages",
       [&](const Request& request, const PathParameters& path) {
         return model_list_response(request, usages.list(path["subscription"], path["location"]));
       }},
  };
}

}  // namespace batchai::server
