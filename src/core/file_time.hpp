#pragma once

#include "batchai/core/time.hpp"

#include <ctime>

/// Times as the kernel has them. They reach further than 64 bits of nanoseconds, which end in the year 2262.
namespace batchai::inline v1 {

/// Rounded down to a tick; a time that this library cannot write is clamped to the years 1 to 9999.
Timestamp to_timestamp(const timespec& time);

timespec to_timespec(Timestamp time);

}  // namespace batchai::inline v1
