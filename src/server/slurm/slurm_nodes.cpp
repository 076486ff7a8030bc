#include "server/slurm/slurm_nodes.hpp"

#include "core/parse_number.hpp"

#include <algorithm>
#include <array>

namespace batchai::server {

namespace {

bool is_any_of(std::string_view state, std::initializer_list<std::string_view> states) {
  return std::ranges::find(states, state) != states.end();
}

bool takes_no_jobs(const SlurmNode& node) {
  return node.unresponsive || is_any_of(node.state, {"down", "drained", "drain", "fail", "error", "unknown", "maint",
                                                     "inval", "future", "powered_down"});
}

bool leaves(const SlurmNode& node) { return is_any_of(node.state, {"draining", "drng", "failing", "completing"}); }

}  // namespace

bool SlurmNodes::update(std::vector<SlurmNode> nodes) {
  for (auto& node : nodes) {
    if (!takes_no_jobs(node) && !leaves(node)) {
      node.state.clear();  // whether others use it is nobody's concern
    }
  }
  const std::scoped_lock lock(mutex_);
  const bool changed = !known_ || nodes != nodes_;
  known_ = true;
  nodes_ = std::move(nodes);
  return changed;
}

std::optional<std::string> SlurmNodes::trouble() const {
  auto partitions = all_values(settings_.partition);
  if (partitions.empty()) {
    partitions.emplace_back();
  }
  const std::scoped_lock lock(mutex_);
  for (const auto& partition : partitions) {
    if (known_ && std::ranges::none_of(nodes_, [&](const SlurmNode& node) { return is_of(node, partition); })) {
      return partition.empty() ? "Slurm has no default partition with nodes: set slurm.partition"
                               : "Slurm has no partition " + partition + " with nodes (slurm.partition)";
    }
  }
  return std::nullopt;
}

bool SlurmNodes::are_known() const {
  const std::scoped_lock lock(mutex_);
  return known_;
}

bool SlurmNodes::is_of(const SlurmNode& node, const std::string& partition) const {
  return partition.empty() ? node.in_default_partition : node.partition == partition;
}

int SlurmNodes::shares_of(const SlurmNode& node, const std::string& node_kind) const {
  if (settings_.exclusive) {
    return 1;
  }
  const auto cpus = parse_number<int>(value_for(settings_.cpus, node_kind)).value_or(1);
  return std::max(1, node.cpus / std::max(1, cpus));
}

std::optional<NodeSupply> SlurmNodes::supply(const std::string& node_kind) const {
  const auto partition = value_for(settings_.partition, node_kind);
  const std::scoped_lock lock(mutex_);
  if (!known_) {
    return std::nullopt;
  }
  NodeSupply supply;
  for (const auto& node : nodes_) {
    if (!is_of(node, partition)) {
      continue;
    }
    if (takes_no_jobs(node)) {
      const std::string reason = node.reason.empty() ? "" : ": " + node.reason;
      supply.unusable.push_back({node.name, node.unresponsive ? "not responding" + reason : node.state + reason});
      continue;
    }
    supply.nodes += shares_of(node, node_kind);
    if (leaves(node)) {
      ++supply.leaving;
    } else if (node.gets_ready) {
      ++supply.preparing;
    }
  }
  return supply;
}

std::optional<std::int64_t> SlurmNodes::time_limit(const std::string& node_kind) const {
  const auto partition = value_for(settings_.partition, node_kind);
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find_if(nodes_, [&](const SlurmNode& node) { return is_of(node, partition); });
  return found == nodes_.end() ? std::nullopt : found->time_limit;
}

}  // namespace batchai::server
