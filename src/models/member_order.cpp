#include "models/member_order.hpp"

#include <algorithm>

namespace batchai::inline v1::describe {
namespace {

using nlohmann::json;
using Ordered = nlohmann::ordered_json;

Ordered content_in_order(const json& value, const Shape* shape) {
  if (shape == nullptr) {
    return value;
  }
  if (!value.is_array()) {
    return in_order(value, *shape);
  }
  Ordered items = Ordered::array();
  for (const json& item : value) {
    items.push_back(in_order(item, *shape));
  }
  return items;
}

/// One object: either what lies in `properties` or what lies beside them.
Ordered level_in_order(const json& level, const Shape& shape, bool in_properties) {
  if (!level.is_object()) {
    return level;
  }
  Ordered ordered = Ordered::object();
  for (const ShapeMember& member : shape) {
    const auto found = level.find(member.name);
    if (member.in_properties == in_properties && found != level.end()) {
      ordered[std::string(member.name)] = content_in_order(*found, member.content);
    }
  }
  const bool split = std::any_of(shape.begin(), shape.end(), [](const auto& member) { return member.in_properties; });
  if (const auto found = level.find("properties"); split && !in_properties && found != level.end()) {
    ordered["properties"] = level_in_order(*found, shape, true);
  }
  for (const auto& [name, value] : level.items()) {
    if (!ordered.contains(name)) {
      ordered[name] = value;
    }
  }
  return ordered;
}

}  // namespace

Ordered in_order(const json& value, const Shape& shape) { return level_in_order(value, shape, false); }

}  // namespace batchai::inline v1::describe
