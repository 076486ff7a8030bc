#pragma once

#include <cstdlib>
#include <string>

namespace batchai::inline v1 {

/// The value, or the empty string.
inline std::string environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace batchai::inline v1
