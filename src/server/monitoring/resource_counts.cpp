#include "server/monitoring/resource_counts.hpp"

#include "server/records/record.hpp"

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

std::string shown(const Document& document, const char* member) {
  const auto found = document.body.find("properties");
  return found == document.body.end() ? std::string() : text_at(*found, member);
}

}  // namespace

void ResourceCounts::load(Store& store) {
  store.read([this](Transaction& transaction) {
    const std::lock_guard lock(mutex_);
    counts_.clear();
    for (const char* kind : kCounted) {
      for (const Document& document : transaction.list(kind)) {
        add(document, 1);
      }
    }
  });
}

void ResourceCounts::apply(const std::vector<StoreChange>& changes) {
  const std::lock_guard lock(mutex_);
  for (const StoreChange& change : changes) {
    if (change.before) {
      add(*change.before, -1);
    }
    if (change.after) {
      add(*change.after, 1);
    }
  }
}

void ResourceCounts::add(const Document& document, std::int64_t sign) {
  const auto count = [&](std::string_view name, const std::string& value) {
    counts_[{std::string(name), value}] += sign;
  };
  if (document.kind == "job") {
    count(kJobs, shown(document, "executionState"));
  } else if (document.kind == "cluster") {
    count(kClusters, shown(document, "allocationState"));
    for (const auto& node : document.hidden.value("nodes", nlohmann::json::array())) {
      count(kNodes, text_at(node, "state"));
    }
  } else if (document.kind == "fileServer") {
    count(kFileServers, shown(document, "provisioningState"));
  } else if (document.kind == "operation") {
    count(kOperations, text_at(document.body, "status"));
  } else if (std::find(kCounted.begin(), kCounted.end(), document.kind) != kCounted.end()) {
    count(kResources, document.kind);
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
