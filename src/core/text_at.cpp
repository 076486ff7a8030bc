#include "core/text_at.hpp"

#include <nlohmann/json.hpp>

namespace batchai::inline v1 {

std::string text_at(const nlohmann::json& object, const char* member) {
  const auto found = object.find(member);
  return found == object.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

}  // namespace batchai::inline v1
