#pragma once

#include "models/member_order.hpp"

#include <string_view>
#include <vector>

namespace batchai::cli {

/// The type of an object of the service: that of a model, or of the `properties` in it.
struct WireType {
  /// Lives as long as the program; null where no model has the object.
  const describe::Shape* shape = nullptr;
  bool in_properties = false;

  bool is_known() const { return shape != nullptr; }
};

struct WireMember {
  std::string_view name;
  /// Of the value, or of the items of a list.
  WireType type = {};
  describe::Notation notation = describe::Notation::kPlain;
  bool list = false;
  /// az shows the members of the type in its place.
  bool flattened = false;
  /// Not of az: shown only where the service sends it.
  bool added = false;
};

/// The type of what commands show and config files hold, by its name in the API's description. Not known for another
/// name.
WireType wire_type(std::string_view name);

/// By name, as the tables of the models have them, with what az makes of them. Empty for a type that is not known.
/// Lives as long as the program. Thread-safe.
const std::vector<WireMember>& members_of(const WireType& type);

}  // namespace batchai::cli
