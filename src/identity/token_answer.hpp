#pragma once

#include "batchai/core/credential.hpp"
#include "batchai/core/http.hpp"

#include <string>

namespace batchai::inline v1 {

/// The token in an authority's answer. Throws AuthenticationError, beginning with `refusal`, for a refusal, and
/// ProtocolError for an answer without token or lifetime.
AccessToken read_token_answer(const HttpResponse& response, const std::string& refusal, Timestamp now);

}  // namespace batchai::inline v1
