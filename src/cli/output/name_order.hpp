#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// Calls `visit(name, value)` for the members of an object, sorted by their names.
template <class Visit>
void visit_by_name(const nlohmann::ordered_json& object, const Visit& visit) {
  using Members = nlohmann::ordered_json::object_t;
  const auto& members = object.get_ref<const Members&>();
  std::vector<const Members::value_type*> sorted;
  sorted.reserve(members.size());
  for (const auto& member : members) {
    sorted.push_back(&member);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto* one, const auto* other) { return one->first < other->first; });
  for (const auto* member : sorted) {
    visit(member->first, member->second);
  }
}

}  // namespace batchai::cli
