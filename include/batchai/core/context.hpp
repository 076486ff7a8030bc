#pragma once

#include "batchai/core/cancellation.hpp"
#include "batchai/version.hpp"

#include <chrono>
#include <optional>

BATCHAI_NAMESPACE_BEGIN

/// What bounds a call: every request and every wait takes one. Cheap to copy.
struct CallContext {
  CancellationToken cancellation = {};
  /// Monotonic time by which the call, with all its retries and polls, has to be over.
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

BATCHAI_NAMESPACE_END
