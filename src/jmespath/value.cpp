#include "jmespath/value.hpp"

#include "jmespath/expression.hpp"

#include <algorithm>

namespace batchai::jmespath {
namespace {

/// Holds every integer of JSON without loss.
using Wide = long double;

bool are_equal_objects(const Json& a, const Json& b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (const auto& [name, value] : a.items()) {
    const auto found = b.find(name);
    if (found == b.end() || !are_equal(value, *found)) {
      return false;
    }
  }
  return true;
}

}  // namespace

const Value& null_value() {
  static const Value kNull = std::make_shared<const Json>();
  return kNull;
}

Value make_value(Json json) { return std::make_shared<const Json>(std::move(json)); }

const char* type_name(const Json& value) { return value.type_name(); }

bool are_equal(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) {
    return a.get<Wide>() == b.get<Wide>();
  }
  if (a.is_array() && b.is_array()) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), are_equal);
  }
  return a.is_object() && b.is_object() ? are_equal_objects(a, b) : a == b;
}

bool is_less(const Json& a, const Json& b) {
  return a.is_string() ? a.get_ref<const std::string&>() < b.get_ref<const std::string&>()
                       : a.get<Wide>() < b.get<Wide>();
}

bool is_nested_too_deeply(const Json& value, std::size_t deepest) {
  return value.is_structured() && (deepest == 0 || std::any_of(value.begin(), value.end(), [deepest](const Json& item) {
                                     return is_nested_too_deeply(item, deepest - 1);
                                   }));
}

bool is_truthy(const Json& value) {
  if (value.is_boolean()) {
    return value.get<bool>();
  }
  return value.is_string() ? !value.get_ref<const std::string&>().empty() : !value.empty();
}

}  // namespace batchai::jmespath
