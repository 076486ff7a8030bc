#pragma once

#include "server/monitoring/server_log.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// A text of a peer or an exception as it may appear in the log: shortened, valid UTF-8, without signatures and keys.
std::string loggable(std::string_view text);

/// `EVENT NAME=VALUE…`; values with blanks, quotes or control characters are JSON strings, so that none can begin a
/// line or a field of its own.
std::string text_line(std::string_view event, const std::vector<LogField>& fields);

/// The members of a JSON object, without its braces.
std::string json_members(std::string_view event, const std::vector<LogField>& fields);

}  // namespace batchai::server
