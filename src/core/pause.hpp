#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/context.hpp"

namespace batchai::inline v1 {

/// Waits between two polls: for `length`, or less where the deadline comes sooner, so that there is time for a last
/// poll. Where there is none, waits until the deadline and returns false. Throws Cancelled.
bool pause_between_looks(Duration length, const CallContext& context, Clock& clock);

}  // namespace batchai::inline v1
