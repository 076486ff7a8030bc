#pragma once

#include <string_view>
#include <vector>

namespace batchai::cli {

struct WireMember {
  std::string_view name;
  /// Of the value, or of the items of a list; empty for scalars without a special notation.
  std::string_view type;
  bool list = false;
  /// az shows the members of the type in its place.
  bool flattened = false;
  /// Not of az: shown only where the service sends it.
  bool added = false;
};

/// The members of a type of the service. Empty for an unknown type.
std::vector<WireMember> members_of(std::string_view type);

}  // namespace batchai::cli
