#pragma once

#include "batchai/models/usage.hpp"
#include "server/service/rules_context.hpp"

#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

/// What a subscription was given in one location in 2018. These are shown only: nothing is refused for them, as the
/// nodes are all slots of one machine.
struct UsageLimits {
  std::int64_t clusters = 20;
  std::int64_t dedicated_cores = 24;
  std::int64_t low_priority_cores = 50;
  std::int64_t active_jobs = 20;
};

/// Counts what is in use. Thread-safe.
class Usages {
 public:
  explicit Usages(RulesContext context, const UsageLimits& limits = {})
      : context_(std::move(context)), limits_(limits) {}

  /// Of the clusters in this location: how many there are, cores of their nodes, and jobs that have not ended. Throws
  /// ServiceFault 400 for a location that cannot be one.
  std::vector<Usage> list(const std::string& subscription, const std::string& location);

 private:
  RulesContext context_;
  UsageLimits limits_;
};

}  // namespace batchai::server
