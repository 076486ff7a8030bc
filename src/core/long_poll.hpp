#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/context.hpp"
#include "batchai/core/http.hpp"

namespace batchai::inline v1 {

/// Asks the service to answer only when there is something new (`Prefer: wait`, RFC 7240 4.3), for 20 seconds at most
/// and not beyond the deadline. Services that do not know the preference answer at once.
void prefer_wait(Headers& headers, const CallContext& context, const Clock& clock);

/// Whether the service has waited, or would have: the next request needs no pause before it.
bool has_waited(const HttpResponse& response);

}  // namespace batchai::inline v1
