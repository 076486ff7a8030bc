#pragma once

#include "batchai/core/time.hpp"

#include <cstdint>
#include <string>

/// Moments to the second, what is left of it cut off.
namespace batchai::inline v1 {

/// Since 1970, as in JSON Web Tokens and time_t.
std::int64_t epoch_seconds(Timestamp time);

/// `2018-06-07T21:16:21Z`
std::string format_iso8601_seconds(Timestamp time);

/// `20180607T211621Z`, ISO 8601's basic format.
std::string format_iso8601_basic(Timestamp time);

}  // namespace batchai::inline v1
