#pragma once

#include "batchai/version.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

/// Percent-encodes everything but RFC 3986 unreserved characters. `keep` names further characters to leave alone.
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view keep = {});

/// Undoes percent-encoding; `+` stays a plus sign. Nothing for a broken escape.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// An absolute http(s) URL. Path and query are kept as they are on the wire (encoded), because signatures cover them. A
/// value: not to be changed by one thread while others use it.
class Url {
 public:
  Url() = default;
  /// Throws InvalidArgument, with the text and the reason, for anything but an absolute http or https URL.
  [[nodiscard]] static Url parse(std::string_view text);

  /// `http` or `https`, in lower case.
  [[nodiscard]] const std::string& scheme() const& noexcept { return scheme_; }
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string scheme() && { return std::move(scheme_); }
  /// Lower case; an IPv6 address without its brackets.
  [[nodiscard]] const std::string& host() const& noexcept { return host_; }
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string host() && { return std::move(host_); }
  /// The explicit port, else the scheme's default.
  unsigned short port() const noexcept;
  /// Encoded, begins with `/`.
  [[nodiscard]] const std::string& path() const& noexcept { return path_; }
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string path() && { return std::move(path_); }
  /// Encoded, without the question mark.
  [[nodiscard]] const std::string& query() const& noexcept { return query_; }
  /// The same, taken out of a temporary.
  [[nodiscard]] std::string query() && { return std::move(query_); }

  /// `https://host:port`, the port only where it is not the default one.
  [[nodiscard]] std::string origin() const;
  /// `host:port` as for the Host header.
  [[nodiscard]] std::string authority() const;
  /// Path and query, as on the request line.
  [[nodiscard]] std::string target() const;
  /// All of it, with the query, which may be a secret.
  [[nodiscard]] std::string to_string() const { return origin() + target(); }

  /// Whether the host is 127.0.0.0/8, ::1 or localhost.
  [[nodiscard]] bool is_loopback() const;

  /// Appends one path segment, encoding it.
  Url& append_segment(std::string_view segment);
  /// Appends an already encoded path; exactly one slash joins the two.
  Url& append_path(std::string_view encoded);
  /// Appends `name=value` to the query, encoding both.
  Url& add_query(std::string_view name, std::string_view value);
  /// Replaces the query. `encoded`: percent-encoded, without the question mark.
  Url& set_query(std::string encoded);

  /// The query's parameters in order, decoded (`+` is a blank).
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> query_parameters() const;

  friend bool operator==(const Url&, const Url&) = default;

 private:
  std::string scheme_;
  std::string host_;
  unsigned short port_ = 0;
  std::string path_ = "/";
  std::string query_;
};

BATCHAI_NAMESPACE_END
