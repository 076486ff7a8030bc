#pragma once

#include "batchai/core/http.hpp"
#include "batchai/core/time.hpp"

#include <optional>

namespace batchai::inline v1 {

/// What `Retry-After` asks for, in seconds or as a date (RFC 9110 10.2.3); a date in the past is no wait at all.
std::optional<Duration> retry_after(const Headers& headers, Timestamp now);

}  // namespace batchai::inline v1
