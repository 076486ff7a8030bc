#include "server/records/record.hpp"

#include "server/records/operations.hpp"

namespace batchai::server {

nlohmann::json to_ticks(Timestamp time) { return time.time_since_epoch().count(); }

Timestamp from_ticks(const nlohmann::json& ticks) { return Timestamp(Ticks(ticks.get<std::int64_t>())); }

void set_state(Document& document, const std::string& member, std::string_view state, Timestamp now) {
  auto& shown = properties(document);
  if (text_at(shown, member.c_str()) != state) {
    shown[member] = state;
    shown[member + "TransitionTime"] = format_iso8601(now);
  }
}

std::string provisioning_state(const Document& document) { return text_at(properties(document), "provisioningState"); }

std::string shown_state(const Document& document) {
  if (document.kind == kOperationKind) {
    return text_at(document.body, "status");
  }
  const bool job = document.kind == "job";
  const auto shown = document.body.find("properties");
  if ((!job && document.kind != "cluster" && document.kind != "fileServer") || shown == document.body.end()) {
    return {};
  }
  std::string provisioning = text_at(*shown, "provisioningState");
  std::string state = text_at(*shown, job ? "executionState" : "allocationState");
  return state.empty() || provisioning == "deleting" ? std::move(provisioning) : std::move(state);
}

bool is_deleting(const Document& document) { return provisioning_state(document) == "deleting"; }

void put_if_changed(Transaction& transaction, const Document& before, const Document& after) {
  if (before.body != after.body || before.hidden != after.hidden) {
    transaction.put(after);
  }
}

void complete_creation(Transaction& transaction, Document& document, Timestamp now) {
  if (provisioning_state(document) != "creating") {
    return;
  }
  set_state(document, "provisioningState", "succeeded", now);
  succeed_operation(transaction, now, text_at(document.hidden, "createOperation"));
  document.hidden.erase("createOperation");
}

void cancel_create(Transaction& transaction, Document& document, Timestamp now) {
  const std::string operation = text_at(document.hidden, "createOperation");
  if (!operation.empty()) {
    cancel_operation(transaction, now, operation,
                     {"OperationCanceled", "The resource was deleted while it was being created.", ""});
    document.hidden.erase("createOperation");
  }
}

void mark_deleting(Document& document, Timestamp now, std::string_view operation) {
  set_state(document, "provisioningState", "deleting", now);
  if (!operation.empty()) {
    document.hidden["deleteOperations"].push_back(operation);
  }
}

void erase_deleted(Transaction& transaction, const Document& document, Timestamp now) {
  transaction.erase(document.key);
  for (const auto& operation : document.hidden.value("deleteOperations", nlohmann::json::array())) {
    succeed_operation(transaction, now, operation.get<std::string>());
  }
}

}  // namespace batchai::server
