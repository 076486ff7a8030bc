#pragma once

#include "batchai/core/time.hpp"

#include <string>

namespace batchai::cli {

/// The moment that a value such as `30m`, `2h`, `7d` or `2018-06-21T17:00:00Z` of `option` means. Throws UsageError for
/// another one.
Timestamp moment_of(const std::string& option, const std::string& value, Timestamp now);

}  // namespace batchai::cli
