#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace batchai::inline v1 {

/// The text of a member; empty if it is missing or no text, or `object` is no object.
std::string text_at(const nlohmann::json& object, const char* member);

}  // namespace batchai::inline v1
