#include "server/http/request_head.hpp"

#include "signing/query.hpp"

#include <limits>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace batchai::server {
namespace {

namespace http = boost::beast::http;

std::string text(boost::beast::string_view view) { return {view.data(), view.size()}; }

std::size_t count(const RequestParser& parser, http::field name) {
  const auto range = parser.get().equal_range(name);
  return static_cast<std::size_t>(std::distance(range.first, range.second));
}

std::optional<Refusal> check_framing(const RequestParser& parser) {
  const bool coded = count(parser, http::field::transfer_encoding) != 0;
  const std::string length = text(parser.get()[http::field::content_length]);
  if (count(parser, http::field::content_length) > 1 || length.find(',') != std::string::npos) {
    return Refusal{400, "The request has more than one Content-Length."};
  }
  if (coded && count(parser, http::field::content_length) != 0) {
    return Refusal{400, "The request has both a Content-Length and a Transfer-Encoding."};
  }
  if (coded && parser.get().version() < 11) {
    return Refusal{400, "An HTTP/1.0 request cannot have a Transfer-Encoding."};
  }
  if (coded && !iequals(text(parser.get()[http::field::transfer_encoding]), "chunked")) {
    return Refusal{501, "The only transfer coding understood is 'chunked'."};
  }
  return std::nullopt;
}

std::optional<Refusal> check_fields(const RequestParser& parser) {
  const std::size_t hosts = count(parser, http::field::host);
  if (hosts > 1 || (hosts == 0 && parser.get().version() >= 11)) {
    return Refusal{400, "The request needs exactly one Host field."};
  }
  const auto expect = parser.get().find(http::field::expect);
  if (expect != parser.get().end() && !iequals(text(expect->value()), "100-continue")) {
    return Refusal{417, "The only expectation understood is '100-continue'."};
  }
  return std::nullopt;
}

/// RFC 9112 3.2.2: a server takes the absolute form as well; the part behind the authority is the target.
std::optional<std::string> origin_form(const std::string& target) {
  if (!target.empty() && target.front() == '/') {
    return target;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (iequals(std::string_view(target).substr(0, scheme.size()), scheme)) {
      const std::size_t path = target.find_first_of("/?", scheme.size());
      const std::string rest = path == std::string::npos ? "/" : target.substr(path);
      return rest.front() == '?' ? "/" + rest : rest;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_line_ends(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') {
      return Refusal{400, "A line of the request ends without a carriage return."};
    }
    // The parser would join a folded line with the one before; proxies between us and the peer may read it in another
    // way.
    if (at + 1 < text.size() && (text[at + 1] == ' ' || text[at + 1] == '\t')) {
      return Refusal{400, "A header field is folded over two lines."};
    }
  }
  return std::nullopt;
}

Refusal refusal_of(const boost::system::error_code& error) {
  if (error == http::error::body_limit) {
    return {413, "The request body is too large."};
  }
  if (error == http::error::bad_content_length) {
    return {400, "The Content-Length of the request is not valid."};
  }
  return {400, "The request is not valid HTTP: " + error.message() + "."};
}

std::optional<Refusal> read_head(RequestParser& parser, std::string_view head) {
  boost::system::error_code error;
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.put(boost::asio::buffer(head.data(), head.size()), error);
  if (error && error != http::error::need_more) {
    return refusal_of(error);
  }
  if (!parser.is_header_done()) {
    return Refusal{400, "The request is not valid HTTP."};
  }
  if (auto refusal = check_framing(parser)) {
    return refusal;
  }
  return check_fields(parser);
}

std::optional<Refusal> fill_request(Request& request, const RequestParser& parser) {
  const auto& message = parser.get();
  request.method = text(message.method_string());
  auto target = origin_form(text(message.target()));
  if (!target || target->find('#') != std::string::npos) {
    return Refusal{400, "The request target must be a path."};
  }
  const std::size_t question = target->find('?');
  request.path = target->substr(0, question);
  request.query = question == std::string::npos ? std::string() : target->substr(question + 1);
  request.target = std::move(*target);
  for (const auto& field : message) {
    request.headers.add(text(field.name_string()), text(field.value()));
  }
  request.parameters = signing::split_query(request.query, true);
  return std::nullopt;
}

}  // namespace batchai::server
