#pragma once

#include "server/monitoring/metric.hpp"
#include "server/monitoring/observed_store.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

/// How many resources there are in which state, kept up to date by the changes of the store, so that reading them costs
/// nothing. Thread-safe.
class ResourceCounts {
 public:
  /// Counts all resources, replacing what was counted before.
  void load(Store& store);
  void apply(const std::vector<StoreChange>& changes);

  std::vector<Metric> metrics() const;

 private:
  /// Name of a metric and value of its label.
  using Cell = std::pair<std::string, std::string>;

  void add(const std::string& kind, const ObservedState& observed, std::int64_t number);

  mutable std::mutex mutex_;
  std::map<Cell, std::int64_t> counts_;
};

}  // namespace batchai::server
