#include "server/batchai/answer.hpp"
#include "server/batchai/routes.hpp"
#include "server/batchai/waiting.hpp"
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

using Answer = Response (*)(const Request&, const OperationRecord&);

/// The answer to a request about an operation; where it prefers to wait, once that is over or the time is.
Response read_or_wait_for_end(Store& store, const AwaitChange& await, const Request& request,
                              const PathParameters& path, Answer answer) {
  const Wait wait(request, await, operation_key(to_lower(path["operation"])));
  const OperationRecord record = require_operation(store, path);
  auto later = record.done() ? std::nullopt : wait.instead();
  return later ? *std::move(later) : wait.mark(answer(request, record));
}

}  // namespace

std::vector<Route> operation_routes(const BatchAiRules& rules) {
  auto& store = rules.store;
  return {
      {"GET", kProviderPath + "/locations/{location}/operationresults/{operation}",
       [&store, await = rules.await](const Request& request, const PathParameters& path) {
         return read_or_wait_for_end(store, await, request, path, status_response);
       }},
      {"GET", kProviderPath + "/locations/{location}/operationstatuses/{operation}",
       [&store, await = rules.await](const Request& request, const PathParameters& path) {
         return read_or_wait_for_end(store, await, request, path, result_response);
       }},
  };
}

}  // namespace batchai::server
