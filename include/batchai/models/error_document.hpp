#pragma once

#include "batchai/core/error.hpp"

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace batchai {

/// Reads `{"error": {"code", "message", "target", "details": [...]}}`. Never throws for its content: text that is not
/// such a document becomes the message, cut to a readable length.
ErrorBody parse_error_document(std::string_view text);

/// The same document for the answering side. Empty `target` and `details` are left out.
nlohmann::json error_document(const ErrorBody& body);

}  // namespace batchai
