#pragma once

#include "batchai/core/error.hpp"
#include "batchai/version.hpp"

#include <nlohmann/json_fwd.hpp>

BATCHAI_NAMESPACE_BEGIN

/// `{"error": {"code", "message", "target", "details": [...]}}`, as Azure Resource Manager answers. Empty `target` and
/// `details` are left out.
nlohmann::json error_document(const ErrorBody& body);

BATCHAI_NAMESPACE_END
