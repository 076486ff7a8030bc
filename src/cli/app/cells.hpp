#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

/// The text at a JSON pointer, as `/scaleSettings/manual`; empty for null, absent and structured values.
std::string cell_at(const nlohmann::json& item, const char* pointer);

/// The time between two moments at JSON pointers, as a column of intervals wants it; empty before the first one.
std::string interval_at(const nlohmann::json& item, const char* begin, const char* end);

/// The name after `type` in the ARM id at `pointer`, as `workspaces`; empty where there is none.
std::string cell_from_id(const nlohmann::json& item, const char* pointer, const char* type);

}  // namespace batchai::cli
