#pragma once

#include "server/run/engine.hpp"

#include <string>
#include <string_view>

namespace batchai::server {

/// The plan as JSON text. Holds the plan's secrets: for a socket only, never for a file. Throws std::exception for text
/// that is not UTF-8.
std::string plan_to_json(const RunPlan& plan);

/// Reads what plan_to_json wrote. Throws std::exception if the text is cut off or wrong.
RunPlan plan_from_json(std::string_view text);

}  // namespace batchai::server
