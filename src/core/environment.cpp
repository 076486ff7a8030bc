#include "core/environment.hpp"

#include "batchai/core/error.hpp"

#include <cstdlib>

namespace batchai::inline v1 {

std::string environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

std::string required_variable(const std::string& name) {
  std::string value = environment_variable(name);
  if (value.empty()) {
    throw InvalidArgument(name + " is not set; for a service on this machine, 'eval \"$(batchai local env)\"' sets it");
  }
  return value;
}

}  // namespace batchai::inline v1
