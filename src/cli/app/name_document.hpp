#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace batchai::cli {

/// Sets `name` of a document to a file's name; one that is not UTF-8 is percent-encoded, and `encoded` is true.
void set_name(nlohmann::json& document, const std::string& name);

}  // namespace batchai::cli
