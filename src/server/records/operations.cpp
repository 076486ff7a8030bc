#include "server/records/operations.hpp"

#include "core/random.hpp"

#include <utility>

namespace batchai::server {

namespace {

using nlohmann::json;
using OperationState = OperationRecord::State;

std::string state_name(OperationState state) {
  switch (state) {
    case OperationState::Succeeded:
      return "Succeeded";
    case OperationState::Failed:
      return "Failed";
    case OperationState::Canceled:
      return "Canceled";
    case OperationState::Running:
      break;
  }
  return "InProgress";
}

OperationState state_of(std::string_view name) {
  for (const OperationState state : {OperationState::Succeeded, OperationState::Failed, OperationState::Canceled}) {
    if (state_name(state) == name) {
      return state;
    }
  }
  return OperationState::Running;
}

ErrorBody error_of(const json& document) {
  ErrorBody error{document.value("code", ""), document.value("message", ""), document.value("target", "")};
  for (const auto& detail : document.value("details", json::array())) {
    error.details.push_back(error_of(detail));
  }
  return error;
}

Document to_document(const OperationRecord& record) {
  json body = {{"id", record.id},
               {"subscription", record.subscription},
               {"location", record.location},
               {"resource", record.resource},
               {"status", state_name(record.state)},
               {"startTime", record.started.time_since_epoch().count()}};
  if (record.ended) {
    body["endTime"] = record.ended->time_since_epoch().count();
  }
  if (record.error) {
    body["error"] = json(error_document(*record.error));
  }
  return {.key = operation_key(record.id), .kind = std::string(kOperationKind), .body = std::move(body)};
}

Timestamp moment(const json& ticks) { return Timestamp(Ticks(ticks.get<std::int64_t>())); }

void end(Transaction& transaction, Timestamp now, std::string_view id, OperationState state,
         std::optional<ErrorBody> error) {
  auto record = find_operation(transaction, id);
  if (!record || record->done()) {
    return;
  }
  record->state = state;
  record->ended = now;
  record->error = std::move(error);
  transaction.put(to_document(*record));
}

std::string operation_path(const OperationRecord& record, std::string_view collection) {
  return "/subscriptions/" + record.subscription + "/providers/Microsoft.BatchAI/locations/" + record.location + "/" +
         std::string(collection) + "/" + record.id;
}

}  // namespace

std::string operation_key(std::string_view id) { return "operation/" + std::string(id); }

OperationRecord operation_of(const Document& document) {
  const json& body = document.body;
  OperationRecord record;
  record.id = body.at("id");
  record.subscription = body.at("subscription");
  record.location = body.at("location");
  record.resource = body.at("resource");
  record.state = state_of(body.at("status").get<std::string>());
  record.started = moment(body.at("startTime"));
  if (body.contains("endTime")) {
    record.ended = moment(body.at("endTime"));
  }
  if (body.contains("error")) {
    record.error = error_of(body.at("error"));
  }
  return record;
}

OperationRecord create_operation(Transaction& transaction, Timestamp now, std::string subscription,
                                 std::string location, std::string resource, OperationState state) {
  OperationRecord record;
  record.id = random_guid();
  record.subscription = std::move(subscription);
  record.location = std::move(location);
  record.resource = std::move(resource);
  record.state = state;
  record.started = now;
  if (record.done()) {
    record.ended = now;
  }
  transaction.put(to_document(record));
  return record;
}

std::optional<OperationRecord> find_operation(Transaction& transaction, std::string_view id) {
  const auto document = transaction.get(operation_key(id));
  return document ? std::optional(operation_of(*document)) : std::nullopt;
}

void succeed_operation(Transaction& transaction, Timestamp now, std::string_view id) {
  end(transaction, now, id, OperationState::Succeeded, std::nullopt);
}

void fail_operation(Transaction& transaction, Timestamp now, std::string_view id, ErrorBody error) {
  end(transaction, now, id, OperationState::Failed, std::move(error));
}

void cancel_operation(Transaction& transaction, Timestamp now, std::string_view id, ErrorBody error) {
  end(transaction, now, id, OperationState::Canceled, std::move(error));
}

std::string operation_status_path(const OperationRecord& record) { return operation_path(record, "operationresults"); }

std::string operation_result_path(const OperationRecord& record) { return operation_path(record, "operationstatuses"); }

nlohmann::ordered_json operation_status_document(const OperationRecord& record, const std::string& id) {
  nlohmann::ordered_json document = {{"id", id},
                                     {"name", record.id},
                                     {"status", state_name(record.state)},
                                     {"startTime", format_iso8601(record.started)}};
  if (record.ended) {
    document["endTime"] = format_iso8601(*record.ended);
    document["properties"] = {{"resourceId", record.resource}};
  }
  if (record.error) {
    document["error"] = error_document(*record.error);
  }
  return document;
}

nlohmann::ordered_json error_document(const ErrorBody& error) {
  nlohmann::ordered_json document = {{"code", error.code}, {"message", error.message}};
  if (!error.target.empty()) {
    document["target"] = error.target;
  }
  for (const auto& detail : error.details) {
    document["details"].push_back(error_document(detail));
  }
  return document;
}

}  // namespace batchai::server
