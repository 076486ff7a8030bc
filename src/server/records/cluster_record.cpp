#include "server/records/cluster_record.hpp"

#include "batchai/core/http.hpp"
#include "core/random.hpp"
#include "core/seconds.hpp"
#include "server/records/node_json.hpp"
#include "server/records/request_body.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace batchai::server {

namespace {

using nlohmann::json;
using State = Node::State;

/// Machines whose state is shown among the errors of a cluster.
constexpr std::size_t kShownMachines = 20;

constexpr std::string_view kRetired = "retiredNode";

// Ten digits that are the same for all nodes of a cluster.
std::string digits_of(const std::string& uuid) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : uuid) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return std::to_string(1'000'000'000ULL + hash % 9'000'000'000ULL);
}

std::vector<std::string> ids_of(const std::vector<Node>& nodes, const std::string& job) {
  std::vector<std::string> ids;
  for (const auto& node : nodes) {
    if (node.job == job) {
      ids.push_back(node.id);
    }
  }
  return ids;
}

}  // namespace

ClusterRecord::ClusterRecord(Document stored) : before_(stored), document_(std::move(stored)) {
  for (const auto& node : document_.hidden.value("nodes", json::array())) {
    nodes.push_back(read_node(node));
  }
}

ScaleSettings ClusterRecord::scale() const {
  const auto& shown = properties(document_);
  return shown.contains("scaleSettings") ? stored_model<ScaleSettings>(shown.at("scaleSettings")) : ScaleSettings{};
}

bool ClusterRecord::is_low_priority() const {
  return iequals(text_at(properties(document_), "vmPriority"), VmPriority::kLowPriority);
}

bool ClusterRecord::has_setup_task() const {
  const auto setup = properties(document_).find("nodeSetup");
  return setup != properties(document_).end() && setup->contains("setupTask");
}

std::string ClusterRecord::setup_suffix() const {
  return has_setup_task() ? text_at(properties(document_).at("nodeSetup").at("setupTask"), "stdOutErrPathSuffix") : "";
}

std::string ClusterRecord::new_node_id(Timestamp now) {
  const auto ordinal = document_.hidden.value("nextOrdinal", std::int64_t{1});
  document_.hidden["nextOrdinal"] = ordinal + 1;
  return "tvm-" + digits_of(uuid()) + "_" + std::to_string(ordinal) + "-" + to_lower(format_iso8601_basic(now)) +
         (is_low_priority() ? "-p" : "");
}

Node& ClusterRecord::add_node(std::string address, Timestamp now) {
  Node node{.id = new_node_id(now), .address = std::move(address), .idle_since = now};
  if (has_setup_task()) {
    node.setup_run = "setup-" + random_guid();
  }
  return nodes.emplace_back(std::move(node));
}

void ClusterRecord::remove_node(const std::string& id) {
  Node& leaving = node(id);
  if (leaving.is_busy()) {
    leaving.state = State::Leaving;
    return;
  }
  retired_.push_back(id);
  std::erase_if(nodes, [&](const Node& node) { return node.id == id; });
}

Node& ClusterRecord::node(const std::string& id) {
  Node* found = find_node(id);
  if (found == nullptr) {
    throw std::out_of_range("the cluster has no node " + id);
  }
  return *found;
}

Node* ClusterRecord::find_node(const std::string& id) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == id; });
  return found == nodes.end() ? nullptr : &*found;
}

void ClusterRecord::free_nodes_of(const std::string& job, Timestamp now) {
  for (const auto& id : ids_of(nodes, job)) {
    Node& freed = node(id);
    freed.job.clear();
    freed.waits = false;
    if (freed.state == State::Leaving) {
      remove_node(id);
    } else {
      freed.state = State::Idle;
      freed.idle_since = now;
    }
  }
}

void ClusterRecord::lose_nodes_of(const std::string& job) {
  for (const auto& id : ids_of(nodes, job)) {
    node(id).job.clear();
    remove_node(id);
  }
}

bool ClusterRecord::has_leaving_nodes() const {
  return std::any_of(nodes.begin(), nodes.end(), [](const Node& node) { return node.state == State::Leaving; });
}

void ClusterRecord::set_quota_error(const std::optional<BatchAiError>& error) {
  if (error) {
    document_.hidden["quotaError"] = model_json(*error);
  } else {
    document_.hidden.erase("quotaError");
  }
}

void ClusterRecord::set_supply(const std::optional<NodeSupply>& supply) {
  if (!supply) {
    return;
  }
  json unusable = json::array();
  for (const auto& machine : supply->unusable) {
    if (unusable.size() < kShownMachines) {
      unusable.push_back({machine.host, machine.reason});
    }
  }
  document_.hidden["supply"] = {{"nodes", supply->nodes},
                                {"preparing", supply->preparing},
                                {"leaving", supply->leaving},
                                {"machines", std::move(unusable)}};
}

/// A node that waits for its machine is idle to those who look at it, or gets ready; where there are too few machines
/// for all nodes, the idle ones are unusable, and so on.
void ClusterRecord::write_counts() {
  std::vector<Node> shown = nodes;
  const auto turn = [&shown](State from, State to, int most, auto&& condition) {
    for (auto& node : shown) {
      if (most > 0 && node.state == from && condition(node)) {
        node.state = to;
        --most;
      }
    }
  };
  const auto waits = [](const Node& node) { return node.waits; };
  const auto any = [](const Node&) { return true; };
  const auto supply = document_.hidden.value("supply", json::object());
  const int missing = static_cast<int>(nodes.size()) - supply.value("nodes", 0);
  turn(State::Running, State::Leaving, supply.value("leaving", 0), [](const Node& node) { return !node.waits; });
  turn(State::Running, State::Preparing, supply.value("preparing", 0), waits);
  turn(State::Running, State::Idle, static_cast<int>(nodes.size()), waits);
  if (!supply.empty()) {
    turn(State::Idle, State::Unusable, missing, any);
  }
  write_node_counts(properties(document_), shown);
}

void ClusterRecord::write_errors() {
  json errors = json::array();
  if (document_.hidden.contains("quotaError")) {
    errors.push_back(document_.hidden.at("quotaError"));
  }
  const auto supply = document_.hidden.value("supply", json::object());
  if (properties(document_)["nodeStateCounts"].value("unusableNodeCount", 0) > 0) {
    for (const auto& machine : supply.value("machines", json::array())) {
      const std::string host = machine.at(0);
      const std::string reason = machine.at(1);
      BatchAiError error{"NodeUnusable", "The node " + host + " takes no jobs: " + reason};
      error.details = {{"node", host}, {"reason", reason}};
      errors.push_back(model_json(error));
    }
  }
  for (const auto& node : nodes) {
    if (node.error) {
      errors.push_back(model_json(*node.error));
    }
  }
  auto& shown = properties(document_);
  if (errors.empty()) {
    shown.erase("errors");
  } else {
    shown["errors"] = std::move(errors);
  }
}

void ClusterRecord::save(Transaction& transaction) {
  json stored = json::array();
  for (const auto& node : nodes) {
    stored.push_back(write_node(node));
  }
  document_.hidden["nodes"] = std::move(stored);
  write_counts();
  write_errors();
  put_if_changed(transaction, before_, document_);
  for (const auto& id : retired_) {
    transaction.put({.key = "retirednode/" + uuid() + "/" + id,
                     .kind = std::string(kRetired),
                     .parent = key(),
                     .body = {{"cluster", uuid()}, {"node", id}}});
  }
}

void retire_machines(Transaction& transaction, const Document& cluster) {
  if (!cluster.hidden.contains("supply")) {
    return;
  }
  const auto uuid = text_at(cluster.hidden, "uuid");
  transaction.put({.key = "retirednode/" + uuid + "/" + kMachinesFolder,
                   .kind = std::string(kRetired),
                   .body = {{"cluster", uuid}, {"node", kMachinesFolder}}});
}

void write_node_counts(json& shown, const std::vector<Node>& nodes) {
  shown["currentNodeCount"] = nodes.size();
  auto& counts = shown["nodeStateCounts"];
  for (const auto& [state, name] : kNodeStates) {
    counts[std::string(name) + "NodeCount"] =
        std::count_if(nodes.begin(), nodes.end(), [wanted = state](const Node& node) { return node.state == wanted; });
  }
}

std::vector<RetiredNode> retired_nodes(Transaction& transaction) {
  std::vector<RetiredNode> result;
  for (const auto& document : transaction.list(kRetired)) {
    result.push_back({document.key, text_at(document.body, "cluster"), text_at(document.body, "node")});
  }
  return result;
}

}  // namespace batchai::server
