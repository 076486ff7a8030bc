#pragma once

#include "batchai/core/http.hpp"
#include "batchai/files/models.hpp"

#include <optional>
#include <string>

namespace batchai::files {

/// Adds x-ms-meta- headers. Throws InvalidArgument for names and values that HTTP cannot carry.
void add_metadata(Headers& headers, const Metadata& metadata);

/// Adds the x-ms-content- headers of what is set. Throws InvalidArgument for values that HTTP cannot carry.
void add_content_headers(Headers& headers, const ContentHeaders& content);

void add_last_write(Headers& headers, const std::optional<Timestamp>& time);

/// `bytes=first-last`.
std::string format_range(const FileRange& range);

}  // namespace batchai::files
