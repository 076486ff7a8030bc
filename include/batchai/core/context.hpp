#pragma once

#include "batchai/core/cancellation.hpp"
#include "batchai/version.hpp"

#include <chrono>
#include <optional>
#include <utility>

BATCHAI_NAMESPACE_BEGIN

/// What bounds a call: every request and every wait takes one. Cheap to copy; a value without locks, as all
/// structs of options are.
struct CallContext {
  CancellationToken cancellation = {};
  /// Monotonic time by which the call, with all its retries and polls, has to be over.
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
};

/// The context of calls that have to be over within `length` from now, by the machine's clock, or when `cancellation`
/// says so: `within(5min)`, `within(5min, stop_token)`. A length that is longer than that clock can tell is no bound.
inline CallContext within(std::chrono::nanoseconds length, CancellationToken cancellation = {}) {
  CallContext context{.cancellation = std::move(cancellation)};
  const auto now = std::chrono::steady_clock::now();
  if (length < std::chrono::steady_clock::time_point::max() - now) {
    context.deadline = now + length;
  }
  return context;
}

BATCHAI_NAMESPACE_END
