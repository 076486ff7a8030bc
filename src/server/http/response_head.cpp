#include "server/http/response_head.hpp"

#include <algorithm>

#include <boost/beast/http/status.hpp>

namespace batchai::server {
namespace {

/// Enough for the heads of almost all answers.
constexpr std::size_t kUsualSize = 1024;

/// Control characters become blanks.
void append_one_line(std::string& head, std::string_view text) {
  const auto begin = head.insert(head.end(), text.begin(), text.end());
  std::replace_if(
      begin, head.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }, ' ');
}

void append(std::string& head, std::string_view name, std::string_view value) {
  append_one_line(head, name);
  head += ": ";
  append_one_line(head, value);
  head += "\r\n";
}

void append_status(std::string& head, const Response& response) {
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  if (response.reason.empty()) {
    const auto phrase = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
    head.append(phrase.data(), phrase.size());
  } else {
    append_one_line(head, response.reason);
  }
  head += "\r\n";
}

/// Only the listener sets framing fields.
bool belongs_to_listener(std::string_view name) {
  return iequals(name, "Content-Length") || iequals(name, "Transfer-Encoding") || iequals(name, "Connection") ||
         iequals(name, "Date") || iequals(name, "Server");
}

std::uint64_t announced_length(const Response& response, const AnswerFrame& frame) {
  if (frame.head_request && response.head_content_length) {
    return *response.head_content_length;
  }
  return body_length(response, false);
}

}  // namespace

bool is_bodiless(int status) { return status / 100 == 1 || status == 204 || status == 304; }

std::uint64_t body_length(const Response& response, bool head_request) {
  if (head_request || is_bodiless(response.status)) {
    return 0;
  }
  return response.file ? response.file->length() : response.body.size();
}

std::string response_head(const Response& response, const AnswerFrame& frame, Timestamp now) {
  std::string head;
  head.reserve(kUsualSize);
  append_status(head, response);
  for (const auto& [name, value] : response.headers) {
    if (!belongs_to_listener(name)) {
      append(head, name, value);
    }
  }
  if (!is_bodiless(response.status)) {
    append(head, "Content-Length", std::to_string(announced_length(response, frame)));
  }
  if (!frame.keep_alive) {
    append(head, "Connection", "close");
  } else if (frame.http_1_0) {
    append(head, "Connection", "keep-alive");
  }
  append(head, "Date", format_http_date(now));
  append(head, "Server", "batchai");
  head += "\r\n";
  return head;
}

}  // namespace batchai::server
