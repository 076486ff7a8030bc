#pragma once

#include "batchai/core/http.hpp"

namespace batchai::cli {

/// Whether a request leaves everything as it is: token requests and the POST calls that only list count too.
bool only_reads(const HttpRequest& request);

/// Whether a request is for ARM or a resource provider, not for storage.
bool is_management(const HttpRequest& request);

}  // namespace batchai::cli
