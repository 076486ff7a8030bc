#pragma once

#include "batchai/core/error.hpp"

#include <nlohmann/json_fwd.hpp>

namespace batchai {

/// `{"error": {"code", "message", "target", "details": [...]}}`, as Azure Resource Manager answers. Empty `target` and
/// `details` are left out.
nlohmann::json error_document(const ErrorBody& body);

}  // namespace batchai
