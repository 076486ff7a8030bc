#pragma once

#include <string>

namespace batchai::inline v1 {

/// A version 4 GUID (RFC 4122) in lower case. Unpredictable enough to be unique, not to be a secret. Thread-safe.
std::string random_guid();

/// Uniformly distributed in [low, high). Thread-safe.
double random_between(double low, double high);

}  // namespace batchai::inline v1
