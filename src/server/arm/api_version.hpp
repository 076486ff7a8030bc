#pragma once

#include "server/arm/resource_path.hpp"
#include "server/http/message.hpp"

namespace batchai::server {

/// Throws ServiceFault 400 unless the request has an `api-version` that the resource type offers. Outside Batch AI
/// every version of the right form is accepted.
void check_api_version(const Request& request, const ResourcePath& path);

}  // namespace batchai::server
