#include "batchai/core/url.hpp"

#include "batchai/core/error.hpp"
#include "batchai/core/http.hpp"
#include "core/parse_number.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

namespace batchai::inline v1 {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex_value(char c) {
  const auto digit = kHex.find(c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c);
  return digit == std::string_view::npos ? -1 : static_cast<int>(digit);
}

unsigned short default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

[[noreturn]] void refuse(std::string_view text, const std::string& reason) {
  // A query may hold a signature, and the part before an @ a password: they never appear in a message.
  const std::string_view shown = text.substr(0, text.find('?'));
  const std::size_t at = shown.rfind('@');
  const std::string known = at == std::string_view::npos ? std::string(shown) : "…" + std::string(shown.substr(at));
  throw InvalidArgument("'" + known + "' is not a usable URL: " + reason);
}

unsigned short parse_port(std::string_view digits, std::string_view url) {
  const auto port = parse_number<unsigned short>(digits);
  if (!port || *port == 0) {
    refuse(url, "the port has to be a number from 1 to 65535");
  }
  return *port;
}

/// `::1` for every spelling of it, with the zone behind it as it came (RFC 6874, `fe80::1%25eth0`).
std::string canonical_ipv6(std::string_view text, std::string_view url) {
  const std::string address(text.substr(0, text.find('%')));
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) {
    refuse(url, "the text in brackets is not an IPv6 address");
  }
  ::inet_ntop(AF_INET6, bytes.data(), canonical.data(), canonical.size());
  return canonical.data() + std::string(text.substr(address.size()));
}

/// The text of the port after the host; removes it. Nothing where there is none.
std::optional<std::string_view> take_port(std::string_view& authority, std::string_view url) {
  const auto bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (authority.starts_with('[') &&
      (bracket == std::string_view::npos || std::min(colon, authority.size()) != bracket + 1)) {
    refuse(url, "the brackets of an IPv6 address have to be closed, with nothing but a port behind them");
  }
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view port = authority.substr(colon + 1);
  if (!authority.starts_with('[') && port.find(':') != std::string_view::npos) {
    refuse(url, "an IPv6 address has to stand in brackets, as https://[::1]:10010");
  }
  authority = authority.substr(0, colon);
  return port;
}

std::string decode_query(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return percent_decode(blanks).value_or(blanks);
}

}  // namespace

std::string percent_encode(std::string_view text, std::string_view keep) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || keep.find(c) != std::string_view::npos) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return result;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

Url Url::parse(std::string_view text) {
  Url url;
  const auto scheme_end = text.find("://");
  url.scheme_ = scheme_end == std::string_view::npos ? "" : to_lower(text.substr(0, scheme_end));
  if (url.scheme_ != "http" && url.scheme_ != "https") {
    refuse(text, "it has to begin with https:// or http://");
  }
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f; })) {
    refuse(text, "it holds a blank or a control character");
  }
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  rest.remove_prefix(authority_end);
  if (authority.find('@') != std::string_view::npos) {
    throw InvalidArgument("a URL with a user name or password in it is not accepted");
  }
  if (const auto port = take_port(authority, text)) {
    url.port_ = parse_port(*port, text);
  }
  if (url.port_ == default_port(url.scheme_)) {
    url.port_ = 0;
  }
  url.host_ = authority.starts_with('[') ? canonical_ipv6(authority.substr(1, authority.size() - 2), text)
                                         : to_lower(authority);
  if (url.host_.empty()) {
    refuse(text, "the host is missing");
  }
  const auto question = rest.find('?');
  url.path_ = rest.substr(0, question);
  if (url.path_.empty()) {
    url.path_ = "/";
  }
  url.query_ = question == std::string_view::npos ? "" : std::string(rest.substr(question + 1));
  return url;
}

unsigned short Url::port() const noexcept { return port_ != 0 ? port_ : default_port(scheme_); }

std::string Url::authority() const {
  const std::string host = host_.find(':') == std::string::npos ? host_ : "[" + host_ + "]";
  return port_ == 0 ? host : host + ":" + std::to_string(port_);
}

std::string Url::origin() const { return scheme_ + "://" + authority(); }

std::string Url::target() const { return query_.empty() ? path_ : path_ + "?" + query_; }

bool Url::is_loopback() const {
  const bool dotted = host_.starts_with("127.") && host_.find_first_not_of("0123456789.") == std::string::npos;
  return dotted || host_ == "localhost" || host_ == "::1";
}

Url& Url::append_segment(std::string_view segment) { return append_path(percent_encode(segment)); }

Url& Url::append_path(std::string_view encoded) {
  if (path_.ends_with('/')) {
    path_.pop_back();
  }
  if (!encoded.starts_with('/')) {
    path_ += '/';
  }
  path_ += encoded;
  return *this;
}

Url& Url::add_query(std::string_view name, std::string_view value) {
  if (!query_.empty()) {
    query_ += '&';
  }
  query_ += percent_encode(name, "$") + "=" + percent_encode(value);
  return *this;
}

Url& Url::set_query(std::string encoded) {
  query_ = std::move(encoded);
  return *this;
}

std::vector<std::pair<std::string, std::string>> Url::query_parameters() const {
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string_view rest = query_;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (part.empty()) {
      continue;
    }
    const auto equals = part.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    parameters.emplace_back(decode_query(part.substr(0, equals)), decode_query(value));
  }
  return parameters;
}

}  // namespace batchai::inline v1
