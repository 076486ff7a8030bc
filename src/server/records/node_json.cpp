#include "server/records/node_json.hpp"

#include "server/records/record.hpp"
#include "server/records/request_body.hpp"

#include <algorithm>
#include <stdexcept>

namespace batchai::server {

namespace {

using nlohmann::json;

std::string_view name_of(Node::State state) {
  return std::find_if(kNodeStates.begin(), kNodeStates.end(), [&](const auto& entry) { return entry.first == state; })
      ->second;
}

Node::State state_named(const std::string& name) {
  const auto* found =
      std::find_if(kNodeStates.begin(), kNodeStates.end(), [&](const auto& entry) { return entry.second == name; });
  if (found == kNodeStates.end()) {
    throw std::runtime_error("the store holds a node in the unknown state " + name);
  }
  return found->first;
}

void put_text(json& stored, const char* member, const std::string& text) {
  if (!text.empty()) {
    stored[member] = text;
  }
}

}  // namespace

Node read_node(const json& stored) {
  Node node;
  node.id = stored.at("id");
  node.address = stored.at("address");
  node.state = state_named(stored.at("state"));
  node.job = text_at(stored, "job");
  node.waits = stored.value("waits", false);
  node.setup_run = text_at(stored, "setupRun");
  node.setup_handed_over = stored.value("setupHandedOver", false);
  node.setup_losses = stored.value("setupLosses", 0);
  if (stored.contains("idleSince")) {
    node.idle_since = from_ticks(stored.at("idleSince"));
  }
  if (stored.contains("error")) {
    node.error = stored_model<BatchAiError>(stored.at("error"));
  }
  node.gpus = stored.value("gpus", std::vector<int>{});
  return node;
}

json write_node(const Node& node) {
  json stored = {{"id", node.id}, {"address", node.address}, {"state", name_of(node.state)}};
  put_text(stored, "job", node.job);
  if (node.waits) {
    stored["waits"] = true;
  }
  put_text(stored, "setupRun", node.setup_run);
  if (node.setup_handed_over) {
    stored["setupHandedOver"] = true;
  }
  if (node.setup_losses > 0) {
    stored["setupLosses"] = node.setup_losses;
  }
  if (node.idle_since) {
    stored["idleSince"] = to_ticks(*node.idle_since);
  }
  if (node.error) {
    stored["error"] = model_json(*node.error);
  }
  if (!node.gpus.empty()) {
    stored["gpus"] = node.gpus;
  }
  return stored;
}

}  // namespace batchai::server
