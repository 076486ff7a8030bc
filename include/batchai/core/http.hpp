#pragma once

#include "batchai/core/url.hpp"
#include "batchai/version.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BATCHAI_NAMESPACE_BEGIN

class BodySink;
class BodySource;

/// Header fields in order; names compare without regard to case (RFC 9110 5.1). A value: not to be changed by one
/// thread while others use it.
class Headers {
 public:
  /// Name and value.
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  /// These fields, in this order.
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// Replaces all fields of that name.
  void set(std::string_view name, std::string value);
  /// Appends a field, also where there is one of that name.
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// Removes all fields of that name.
  void remove(std::string_view name);
  /// Whether there is a field of that name.
  [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }
  /// The first field's value, or null. Valid until the headers change.
  [[nodiscard]] const std::string* find(std::string_view name) const&;
  const std::string* find(std::string_view name) const&& = delete;
  /// The first field's value, or the empty string.
  [[nodiscard]] std::string get(std::string_view name) const;

  /// Over the fields, in their order; valid until the headers change.
  [[nodiscard]] auto begin() const& { return fields_.begin(); }
  auto begin() const&& = delete;
  /// Behind the last field.
  [[nodiscard]] auto end() const& { return fields_.end(); }
  auto end() const&& = delete;
  /// How many fields there are.
  [[nodiscard]] std::size_t size() const { return fields_.size(); }

 private:
  std::vector<Field> fields_;
};

/// A request as it is sent. Bodies are whole: transfers are cut into pieces of a few MiB above this level.
struct HttpRequest {
  std::string method = "GET";
  Url url = {};
  Headers headers = {};
  std::string body = {};
  /// For a POST: repeating it does no harm, so that it may be tried again after a failure.
  bool repeatable = false;
  /// The body in place of `body`, if not null. It has to stay until the request has been answered.
  const BodySource* source = nullptr;
  /// If not null: takes the body of an answer of 200 to 299 in place of HttpResponse::body. A transport need not use it
  /// (those of tests do not). It has to stay until the request has been answered.
  BodySink* sink = nullptr;

  /// In bytes, wherever it comes from.
  [[nodiscard]] std::uint64_t body_size() const;
  /// All of it, wherever it comes from.
  [[nodiscard]] std::string whole_body() const;
};

/// What an answer is about, as it may be shown: without secrets.
struct AnsweredRequest {
  std::string method = {};
  /// Query parameters that may give access to something have the value `REDACTED`.
  std::string url = {};
  /// `x-ms-client-request-id`
  std::string client_request_id = {};
};

/// An answer as it came.
struct HttpResponse {
  int status = 0;
  std::string reason = {};
  Headers headers = {};
  std::string body = {};
  /// Bytes that HttpRequest::sink has been given in place of `body`.
  std::uint64_t sunk = 0;
  /// Filled in by Pipeline::send, for errors; only for statuses outside of 200 to 299.
  AnsweredRequest request = {};
};

/// Whether repeating the request can do no harm (RFC 9110 9.2.2).
[[nodiscard]] bool is_idempotent(std::string_view method);

/// ASCII comparison without regard to case, as HTTP field names and most Azure names need it.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b);
/// ASCII letters in lower case; the rest as it is.
[[nodiscard]] std::string to_lower(std::string_view text);

BATCHAI_NAMESPACE_END
