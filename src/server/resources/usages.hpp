#pragma once

#include "batchai/models/usage.hpp"
#include "server/resources/rules_context.hpp"

#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

/// Counts what is in use. Thread-safe.
class Usages {
 public:
  explicit Usages(RulesContext context) : context_(std::move(context)) {}

  /// Of the clusters in this location: how many there are, cores of their nodes, and jobs that have not ended. Throws
  /// ServiceFault 400 for an invalid location.
  std::vector<Usage> list(const std::string& subscription, const std::string& location);

 private:
  RulesContext context_;
};

}  // namespace batchai::server
