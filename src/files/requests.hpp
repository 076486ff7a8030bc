#pragma once

#include "batchai/core/http.hpp"
#include "batchai/files/models.hpp"

#include <string>

namespace batchai::files {

/// Adds x-ms-meta- headers. Throws InvalidArgument for names and values that HTTP cannot carry.
void add_metadata(Headers& headers, const Metadata& metadata);

/// Adds the x-ms-content- headers of the properties that are set, and the metadata.
void add_file_properties(Headers& headers, const CreateFileOptions& options);

/// `bytes=first-last`.
std::string format_range(const FileRange& range);

}  // namespace batchai::files
