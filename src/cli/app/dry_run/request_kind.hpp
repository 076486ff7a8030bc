#pragma once

#include "batchai/core/http.hpp"

namespace batchai::cli {

/// Whether a request leaves everything as it is. A POST does where the library marks it as repeatable.
bool only_reads(const HttpRequest& request);

/// Whether a request is for ARM or a resource provider, not for storage.
bool is_management(const HttpRequest& request);

}  // namespace batchai::cli
