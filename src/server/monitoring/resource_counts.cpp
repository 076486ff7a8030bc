#include "server/monitoring/resource_counts.hpp"

#include "server/records/operations.hpp"

#include <algorithm>
#include <array>

namespace batchai::server {
namespace {

constexpr std::string_view kJobs = "batchai_jobs";
constexpr std::string_view kNodes = "batchai_nodes";
constexpr std::string_view kClusters = "batchai_clusters";
constexpr std::string_view kFileServers = "batchai_file_servers";
constexpr std::string_view kOperations = "batchai_operations";
constexpr std::string_view kResources = "batchai_resources";

struct Series {
  std::string_view name;
  const char* help;
  const char* label;
  /// Shown also where they are 0, so that graphs and alerts have a value from the start.
  std::vector<std::string> values;
};

const std::vector<Series>& all_series() {
  static const std::vector<Series> kAll = {
      {kJobs, "Jobs by execution state.", "state", {"queued", "running", "terminating", "succeeded", "failed"}},
      {kNodes, "Nodes of all clusters by state.", "state", {"preparing", "idle", "running", "leaving", "unusable"}},
      {kClusters, "Clusters by allocation state.", "state", {"steady", "resizing"}},
      {kFileServers, "File servers by provisioning state.", "state", {}},
      {kOperations, "Records of operations by status.", "status", {"InProgress", "Succeeded", "Failed", "Canceled"}},
      {kResources, "Other resources by kind.", "kind", {"resourceGroup", "workspace", "experiment", "storageAccount"}}};
  return kAll;
}

constexpr std::array<const char*, 8> kCounted = {"job",           "cluster",   "fileServer", "operation",
                                                 "resourceGroup", "workspace", "experiment", "storageAccount"};

/// Of what the numbers of a kind are the values, and the value of this state.
std::pair<std::string_view, std::string> cell_of(const std::string& kind, const std::string& state) {
  if (kind == "job") {
    // A job is deleted only once it has ended; until then it is being stopped.
    return {kJobs, state == "deleting" ? "terminating" : state};
  }
  if (kind == "cluster") {
    return {kClusters, state == "deleting" ? "resizing" : state};
  }
  if (kind == "fileServer") {
    return {kFileServers, state};
  }
  return kind == kOperationKind ? std::pair(kOperations, state) : std::pair(kResources, kind);
}

}  // namespace

void ResourceCounts::load(Store& store) {
  store.read([this](Transaction& transaction) {
    const std::lock_guard lock(mutex_);
    counts_.clear();
    for (const std::string kind : kCounted) {
      if (kind == "cluster") {
        for (const Document& cluster : transaction.list(kind)) {
          add(kind, observed_state(cluster), 1);
        }
        continue;
      }
      for (const auto& [state, number] : transaction.count_by_state(kind)) {
        add(kind, {.state = state}, number);
      }
    }
  });
}

void ResourceCounts::apply(const std::vector<StoreChange>& changes) {
  const std::lock_guard lock(mutex_);
  for (const StoreChange& change : changes) {
    if (change.before) {
      add(change.kind, *change.before, -1);
    }
    if (change.after) {
      add(change.kind, *change.after, 1);
    }
  }
}

void ResourceCounts::add(const std::string& kind, const ObservedState& observed, std::int64_t number) {
  if (std::find(kCounted.begin(), kCounted.end(), kind) == kCounted.end()) {
    return;
  }
  const auto [name, value] = cell_of(kind, observed.state);
  counts_[{std::string(name), value}] += number;
  for (const auto& [id, node] : observed.nodes) {
    counts_[{std::string(kNodes), node.state}] += number;
  }
}

std::vector<Metric> ResourceCounts::metrics() const {
  const std::lock_guard lock(mutex_);
  std::vector<Metric> result;
  for (const Series& series : all_series()) {
    std::map<std::string, double> values;
    for (const std::string& value : series.values) {
      values[value] = 0;
    }
    for (const auto& [cell, number] : counts_) {
      if (cell.first == series.name) {
        values[cell.second] = static_cast<double>(number);
      }
    }
    Metric metric{std::string(series.name), series.help};
    for (const auto& [value, number] : values) {
      metric.values.push_back({{{series.label, value}}, number});
    }
    result.push_back(std::move(metric));
  }
  const auto queued = counts_.find({std::string(kJobs), "queued"});
  result.push_back({"batchai_queue_length",
                    "Jobs that wait for nodes.",
                    Metric::Kind::Gauge,
                    {{{}, queued == counts_.end() ? 0.0 : static_cast<double>(queued->second)}}});
  return result;
}

}  // namespace batchai::server
