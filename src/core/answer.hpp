#pragma once

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace batchai::inline v1 {

/// Reads `{"code", "message", "target", "details"}`; anything else gives an empty body. Never throws for odd shapes.
ErrorBody read_error_body(const nlohmann::json& error);

/// The message of an answer that no service made: a redirect, a web page of a proxy. Nothing for others.
std::optional<std::string> describe_foreign_answer(const HttpResponse& response);

/// ` (Retry-After: a pause of 48 hours)` for an answer that asks for it, to be appended to its message; else empty.
std::string describe_pause(const HttpResponse& response);

/// What an error keeps of the answer beside its status and its document. `now` is for a Retry-After that is a date.
RefusedRequest refused_request(const HttpResponse& response, Timestamp now);

/// The error that an answer of ARM or a resource provider reports. A body that is not an error document is kept as
/// the message, cut to a readable length.
ServiceError make_service_error(const HttpResponse& response);

/// Throws make_service_error() as the class for its status unless that is 2xx, ProtocolError for a web page.
void require_success(const HttpResponse& response);

/// The JSON document of a successful answer. Throws ServiceError for another status, ProtocolError for broken JSON.
nlohmann::json require_json(const HttpResponse& response);

}  // namespace batchai::inline v1
