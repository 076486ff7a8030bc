#pragma once

#include "server/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/optional.hpp>

namespace batchai::server {

using RequestParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// Why the listener answers by itself and closes the connection.
struct Refusal {
  int status;
  std::string message;
};

/// What is wrong with the lines of a head that is not complete yet: a line feed without carriage return.
std::optional<Refusal> check_line_ends(std::string_view text);

/// Reads a whole head (up to and with its empty line) into `parser`, and refuses what could be read in two ways.
std::optional<Refusal> read_head(RequestParser& parser, std::string_view head);

/// The refusal for what the parser said about a body.
Refusal refusal_of(const boost::system::error_code& error);

/// Takes method, target, path, query, parameters and fields over. Refuses targets that are not a path.
std::optional<Refusal> fill_request(Request& request, const RequestParser& parser);

}  // namespace batchai::server
