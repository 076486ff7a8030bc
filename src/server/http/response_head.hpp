#pragma once

#include "batchai/core/time.hpp"
#include "server/http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace batchai::server {

/// What the head of an answer depends on besides the answer.
struct AnswerFrame {
  bool head_request = false;
  bool keep_alive = true;
  /// Minor version of the request: an HTTP/1.0 client needs a field that says that the connection stays open.
  bool http_1_0 = false;
};

/// Whether an answer of that status has neither body nor Content-Length (RFC 9110 8.6).
bool is_bodiless(int status);

/// Number of body bytes that are sent.
std::uint64_t body_length(const Response& response, bool head_request);

/// Status line and fields up to the empty line. Control characters in reason and values become blanks, so that no
/// text of a peer can begin a line of its own.
std::string response_head(const Response& response, const AnswerFrame& frame, Timestamp now);

}  // namespace batchai::server
