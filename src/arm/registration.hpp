#pragma once

#include "batchai/core/http.hpp"

#include <string>

// What ARM answers where a subscription has not been registered with a resource provider.

namespace batchai::inline v1 {

/// The namespace, as `Microsoft.BatchAI`, of the provider that has to be registered before the request can be granted;
/// empty if that is not what the answer says.
std::string unregistered_provider(const HttpRequest& request, const HttpResponse& response);

}  // namespace batchai::inline v1
