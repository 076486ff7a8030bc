#pragma once

#include "batchai/core/http.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Requests and answers as they may be shown in logs: nothing that gives access to anything.
namespace batchai::inline v1 {

/// The URL; query parameters that are not known to be harmless have the value `REDACTED`.
std::string redacted_url(const Url& url);

/// A header's value: as it is where the header is known to be harmless, else `REDACTED`.
std::string redacted_header(std::string_view name, const std::string& value);

/// JSON indented and forms, both with the values of secrets as `***`; any other body by size and type. Empty for no
/// body, else it ends in a line end.
std::string redacted_body(const std::string& body, std::string_view content_type);

/// What is shown of a body that is not to be looked at.
std::string size_of_body(std::uint64_t bytes, std::string_view content_type);

}  // namespace batchai::inline v1
