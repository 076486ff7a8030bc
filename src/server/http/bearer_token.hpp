#pragma once

#include "server/http/message.hpp"

#include <optional>
#include <string_view>

namespace batchai::server {

/// What follows `Bearer ` (RFC 6750 2.1, the scheme in any case) in the request's Authorization field; nothing for
/// another scheme or without the field. Lives as long as the request's headers.
std::optional<std::string_view> bearer_token(const Request& request);

}  // namespace batchai::server
