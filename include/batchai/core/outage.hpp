#pragma once

#include "batchai/core/error.hpp"
#include "batchai/core/time.hpp"
#include "batchai/version.hpp"

#include <functional>

BATCHAI_NAMESPACE_BEGIN

/// What long waits do while the service cannot be reached, as during its restart. Before its first answer nothing is
/// repeated, as then the address is most likely wrong.
struct OutageOptions {
  /// How long it may be away; then the wait throws what its last request threw.
  Duration patience = std::chrono::minutes(10);
  /// Called once per outage, with its first failure.
  std::function<void(const Error&)> on_outage = {};
  /// Called when the service answers again.
  std::function<void()> on_recovery = {};
};

BATCHAI_NAMESPACE_END
