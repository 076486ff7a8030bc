#pragma once

#include "batchai/models/model.hpp"

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

// Members of JSON objects in the order in which the API's description lists them, which is that of the tables.

namespace batchai::inline v1 {

/// A document of a T, its members ordered: what lies in `properties` comes behind what lies beside them,
/// and members that a T does not know come last. Nothing is added, dropped or checked.
template <Model T>
nlohmann::ordered_json in_order(const nlohmann::json& document);

namespace describe {

struct ShapeMember;
/// The members of a model in their order.
using Shape = std::vector<ShapeMember>;

/// How JSON writes a value for which it has no kind of its own.
enum class Notation { kPlain, kDate, kDuration };

struct ShapeMember {
  std::string_view name;
  bool in_properties = false;
  bool list = false;
  /// Of the value or, in a list, of each item; null where that is no model.
  const Shape* content = nullptr;
  /// Of the value or, in a list, of each item.
  Notation notation = Notation::kPlain;
};

/// Lives as long as the program. Thread-safe.
template <Model T>
const Shape& shape_of();

nlohmann::ordered_json in_order(const nlohmann::json& value, const Shape& shape);

}  // namespace describe
}  // namespace batchai::inline v1
