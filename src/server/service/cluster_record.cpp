#include "server/service/cluster_record.hpp"

#include "batchai/core/http.hpp"
#include "server/service/request_body.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace batchai::server {

namespace {

using nlohmann::json;
using State = Node::State;

constexpr std::array<std::pair<State, const char*>, 5> kStates = {{{State::Preparing, "preparing"},
                                                                   {State::Idle, "idle"},
                                                                   {State::Running, "running"},
                                                                   {State::Leaving, "leaving"},
                                                                   {State::Unusable, "unusable"}}};

const char* name_of(State state) {
  return std::find_if(kStates.begin(), kStates.end(), [&](const auto& entry) { return entry.first == state; })->second;
}

State state_named(const std::string& name) {
  const auto* found =
      std::find_if(kStates.begin(), kStates.end(), [&](const auto& entry) { return entry.second == name; });
  if (found == kStates.end()) {
    throw std::runtime_error("the store holds a node in the unknown state " + name);
  }
  return found->first;
}

Node read_node(const json& stored) {
  Node node;
  node.id = stored.at("id");
  node.address = stored.at("address");
  node.state = state_named(stored.at("state"));
  node.job = text_at(stored, "job");
  if (stored.contains("idleSince")) {
    node.idle_since = from_ticks(stored.at("idleSince"));
  }
  return node;
}

json write_node(const Node& node) {
  json stored = {{"id", node.id}, {"address", node.address}, {"state", name_of(node.state)}};
  if (!node.job.empty()) {
    stored["job"] = node.job;
  }
  if (node.idle_since) {
    stored["idleSince"] = to_ticks(*node.idle_since);
  }
  return stored;
}

// Every node has a loopback address of its own (sheet section 11, row 18): 127.64.0.1 to 127.127.255.254, around again
// after four million nodes.
std::string loopback_address(std::int64_t number) {
  const auto host = number % (64LL * 256 * 254);
  return "127." + std::to_string(64 + host / (256 * 254)) + "." + std::to_string(host / 254 % 256) + "." +
         std::to_string(host % 254 + 1);
}

// Ten digits that are the same for all nodes of a cluster.
std::string digits_of(const std::string& uuid) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : uuid) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return std::to_string(1'000'000'000ULL + hash % 9'000'000'000ULL);
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

std::string ClusterRecord::new_node_id(Timestamp now) {
  const auto ordinal = document_.hidden.value("nextOrdinal", std::int64_t{1});
  document_.hidden["nextOrdinal"] = ordinal + 1;
  const std::string time = format_iso8601(std::chrono::floor<std::chrono::seconds>(now));
  std::string compact;
  std::copy_if(time.begin(), time.end(), std::back_inserter(compact), [](char c) { return c != '-' && c != ':'; });
  const bool low_priority = to_lower(text_at(properties(document_), "vmPriority")) == VmPriority::kLowPriority;
  return "tvm-" + digits_of(uuid()) + "_" + std::to_string(ordinal) + "-" + to_lower(compact) +
         (low_priority ? "-p" : "");
}

void ClusterRecord::add_nodes(int count, std::int64_t& next_address, Timestamp now) {
  for (int i = 0; i < count; ++i) {
    nodes.push_back({.id = new_node_id(now), .address = loopback_address(next_address++), .state = State::Preparing});
  }
}

void ClusterRecord::remove_node(const std::string& id) {
  nodes.erase(std::remove_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == id; }), nodes.end());
}

Node& ClusterRecord::node(const std::string& id) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == id; });
  if (found == nodes.end()) {
    throw std::out_of_range("the cluster has no node " + id);
  }
  return *found;
}

void ClusterRecord::free_nodes_of(const std::string& job, Timestamp now) {
  std::vector<Node> kept;
  for (auto& node : nodes) {
    if (node.job == job) {
      if (node.state == State::Leaving) {
        continue;
      }
      node.job.clear();
      node.state = State::Idle;
      node.idle_since = now;
    }
    kept.push_back(std::move(node));
  }
  nodes = std::move(kept);
}

bool ClusterRecord::has_leaving_nodes() const {
  return std::any_of(nodes.begin(), nodes.end(), [](const Node& node) { return node.state == State::Leaving; });
}

void ClusterRecord::save(Transaction& transaction) {
  json stored = json::array();
  for (const auto& node : nodes) {
    stored.push_back(write_node(node));
  }
  document_.hidden["nodes"] = std::move(stored);
  write_node_counts(properties(document_), nodes);
  put_if_changed(transaction, before_, document_);
}

void write_node_counts(json& shown, const std::vector<Node>& nodes) {
  const auto count = [&](State state) {
    return std::count_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.state == state; });
  };
  shown["currentNodeCount"] = nodes.size();
  auto& counts = shown["nodeStateCounts"];
  for (const auto& [state, name] : kStates) {
    counts[std::string(name) + "NodeCount"] = count(state);
  }
}

}  // namespace batchai::server
