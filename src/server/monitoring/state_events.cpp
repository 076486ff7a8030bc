#include "server/monitoring/state_events.hpp"

#include "server/records/record.hpp"

#include <map>

namespace batchai::server {
namespace {

using nlohmann::json;

json shown(const Document& document) { return document.body.value("properties", json::object()); }

/// Which of two members of `properties` is the state: that of the work once the resource is made.
std::string state_of(const std::optional<Document>& document, const char* member) {
  if (!document) {
    return "";
  }
  const json properties = shown(*document);
  const std::string provisioning = text_at(properties, "provisioningState");
  const std::string state = text_at(properties, member);
  return state.empty() || provisioning == "deleting" ? provisioning : state;
}

StateEvent event(std::string subject, const std::string& id, const std::string& before, const std::string& after) {
  const std::string state = after.empty() ? "deleted" : after;
  return {std::move(subject), state, {{"id", id}, {"state", state}, {"was", before}}};
}

void add_job_details(const Document& document, StateEvent& job) {
  const json properties = shown(document);
  const json execution = properties.value("executionInfo", json::object());
  if (execution.is_object() && execution.value("exitCode", json()).is_number_integer()) {
    job.fields.push_back({"exit_code", execution.at("exitCode").get<std::int64_t>()});
  }
  const json errors = execution.is_object() ? execution.value("errors", json::array()) : json::array();
  if (errors.is_array() && !errors.empty() && errors.front().is_object()) {
    job.fields.push_back({"error", text_at(errors.front(), "code")});
  }
  const std::string run = text_at(document.hidden, "runId");
  if (!run.empty()) {
    job.fields.push_back({"run", run});
  }
}

using NodeStates = std::map<std::string, std::pair<std::string, std::string>>;

/// State and job by node.
NodeStates nodes_of(const std::optional<Document>& document) {
  NodeStates result;
  if (document) {
    for (const auto& node : document->hidden.value("nodes", json::array())) {
      result[text_at(node, "id")] = {text_at(node, "state"), text_at(node, "job")};
    }
  }
  return result;
}

void add_nodes(const StoreChange& change, std::vector<StateEvent>& events) {
  const NodeStates before = nodes_of(change.before);
  const NodeStates after = nodes_of(change.after);
  const auto add = [&](const std::string& id, const std::string& was, const std::string& now, const std::string& job) {
    StateEvent node = event("node", id, was, now);
    node.fields.push_back({"cluster", change.document().key});
    node.fields.push_back({"job", job});
    events.push_back(std::move(node));
  };
  for (const auto& [id, now] : after) {
    const auto was = before.find(id);
    if (was == before.end() || was->second.first != now.first) {
      add(id, was == before.end() ? "" : was->second.first, now.first, now.second);
    }
  }
  for (const auto& [id, was] : before) {
    if (!after.contains(id)) {
      add(id, was.first, "", was.second);
    }
  }
}

const char* state_member(const std::string& kind) {
  static const std::map<std::string, const char*> kMembers = {
      {"job", "executionState"}, {"cluster", "allocationState"}, {"fileServer", "provisioningState"}};
  const auto found = kMembers.find(kind);
  return found == kMembers.end() ? nullptr : found->second;
}

}  // namespace

std::vector<StateEvent> state_events(const StoreChange& change) {
  const Document& document = change.document();
  const char* member = state_member(document.kind);
  std::vector<StateEvent> events;
  if (member == nullptr) {
    return events;
  }
  const std::string before = state_of(change.before, member);
  const std::string after = state_of(change.after, member);
  if (before != after) {
    StateEvent state = event(document.kind, document.key, before, after);
    if (document.kind == "job") {
      add_job_details(document, state);
    }
    events.push_back(std::move(state));
  }
  if (document.kind == "cluster") {
    add_nodes(change, events);
  }
  return events;
}

}  // namespace batchai::server
