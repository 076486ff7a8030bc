#pragma once

#include "batchai/core/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// Which of the jobs under a workspace or a subscription a client wants.
struct JobFilter {
  /// Resource id of the cluster that they were made for; empty: of any.
  std::string cluster = {};
  /// Each of them one of kJobStates; empty: in any.
  std::vector<std::string> states = {};
  std::optional<Timestamp> created_since = {};
  std::optional<Timestamp> ended_since = {};
};

}  // namespace batchai::server
