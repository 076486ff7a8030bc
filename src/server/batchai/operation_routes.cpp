#include "server/batchai/answer.hpp"
#include "server/batchai/routes.hpp"
#include "server/faults/refusal.hpp"
#include "server/http/json_answer.hpp"

namespace batchai::server {

namespace {

OperationRecord require_operation(Store& store, const PathParameters& path) {
  std::optional<OperationRecord> record;
  store.read([&](Transaction& transaction) { record = find_operation(transaction, to_lower(path["operation"])); });
  if (!record || !iequals(record->subscription, path["subscription"])) {
    throw not_found("operation", path["operation"]);
  }
  return *record;
}

Response status_response(const Request& request, const OperationRecord& record) {
  Response response =
      json_answer(200, operation_status_document(record, base_url(request) + operation_status_path(record)));
  if (!record.done()) {
    // Without Retry-After clients wait half a minute.
    response.headers.set("Retry-After", "1");
  }
  return response;
}

// The answer that the request itself would have got if it had waited.
Response result_response(const Request& request, const OperationRecord& record) {
  if (!record.done()) {
    Response response = accepted_response(request, record);
    response.headers.remove("Azure-AsyncOperation");
    return response;
  }
  if (record.error) {
    throw ServiceFault(409, record.error->code, record.error->message, record.error->target);
  }
  return {};
}

}  // namespace

std::vector<Route> operation_routes(const BatchAiRules& rules) {
  auto& store = rules.store;
  return {
      {"GET", kProviderPath + "/locations/{location}/operationresults/{operation}",
       [&](const Request& request, const PathParameters& path) {
         return status_response(request, require_operation(store, path));
       }},
      {"GET", kProviderPath + "/locations/{location}/operationstatuses/{operation}",
       [&](const Request& request, const PathParameters& path) {
         return result_response(request, require_operation(store, path));
       }},
  };
}

}  // namespace batchai::server
