#include "server/monitoring/state_events.hpp"

namespace batchai::server {
namespace {

std::string state_of(const std::optional<ObservedState>& observed) {
  return observed ? observed->state : std::string();
}

StateEvent event(std::string subject, const std::string& id, const std::string& before, const std::string& after) {
  const std::string state = after.empty() ? "deleted" : after;
  return {std::move(subject), state, {{"id", id}, {"state", state}, {"was", before}}};
}

void add_job_details(const ObservedState& observed, StateEvent& job) {
  if (observed.exit_code) {
    job.fields.push_back({"exit_code", *observed.exit_code});
  }
  if (!observed.error_code.empty()) {
    job.fields.push_back({"error", observed.error_code});
  }
  if (!observed.run_id.empty()) {
    job.fields.push_back({"run", observed.run_id});
  }
}

void add_nodes(const StoreChange& change, std::vector<StateEvent>& events) {
  static const ObservedState kNothing;
  const auto& before = (change.before ? *change.before : kNothing).nodes;
  const auto& after = (change.after ? *change.after : kNothing).nodes;
  const auto add = [&](const std::string& id, const std::string& was, const std::string& now, const std::string& job) {
    StateEvent node = event("node", id, was, now);
    node.fields.push_back({"cluster", change.key});
    node.fields.push_back({"job", job});
    events.push_back(std::move(node));
  };
  for (const auto& [id, now] : after) {
    const auto was = before.find(id);
    if (was == before.end() || was->second.state != now.state) {
      add(id, was == before.end() ? "" : was->second.state, now.state, now.job);
    }
  }
  for (const auto& [id, was] : before) {
    if (!after.contains(id)) {
      add(id, was.state, "", was.job);
    }
  }
}

}  // namespace

std::vector<StateEvent> state_events(const StoreChange& change) {
  std::vector<StateEvent> events;
  if (change.kind != "job" && change.kind != "cluster" && change.kind != "fileServer") {
    return events;
  }
  const std::string before = state_of(change.before);
  const std::string after = state_of(change.after);
  if (before != after) {
    StateEvent state = event(change.kind, change.key, before, after);
    if (change.kind == "job" && change.after) {
      add_job_details(*change.after, state);
    }
    events.push_back(std::move(state));
  }
  if (change.kind == "cluster") {
    add_nodes(change, events);
  }
  return events;
}

}  // namespace batchai::server
