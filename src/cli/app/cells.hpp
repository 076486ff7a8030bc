#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace batchai::cli {

/// The text at a JSON pointer, as `/scaleSettings/manual`; empty for null, absent and structured values.
std::string cell_at(const nlohmann::json& item, const char* pointer);

/// The time between two moments at JSON pointers, as a column of intervals wants it; empty before the first one.
std::string interval_at(const nlohmann::json& item, const char* begin, const char* end);

/// What a job waits for, from the reason at a JSON pointer: `5 nodes, and the cluster c may have 1`; the reason's code
/// where it is not told like that.
std::string awaited_at(const nlohmann::json& item, const std::string& pointer);

/// The name after `type` in the ARM id at `pointer`, as `workspaces`; empty where there is none.
std::string cell_from_id(const nlohmann::json& item, const char* pointer, const char* type);

}  // namespace batchai::cli
