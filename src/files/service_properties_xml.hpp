#pragma once

#include "batchai/core/http.hpp"
#include "batchai/files/service_properties.hpp"

#include <string>

namespace batchai::inline v1::files {

/// Throws ProtocolError for an answer that breaks the protocol.
ServiceProperties read_service_properties(const HttpResponse& response);
std::string write_service_properties(const ServiceProperties& properties);

}  // namespace batchai::inline v1::files
