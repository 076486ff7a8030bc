#pragma once

#include <string>

namespace batchai::inline v1 {

/// The value, or the empty string.
std::string environment_variable(const std::string& name);

/// Throws InvalidArgument, which says how the variables are set, if it is empty.
std::string required_variable(const std::string& name);

}  // namespace batchai::inline v1
