#pragma once

#include "batchai/core/pageable.hpp"
#include "batchai/version.hpp"

#include <concepts>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

BATCHAI_NAMESPACE_BEGIN

/// Members of a JSON object that this library has no name for, each as JSON text. They are written back as they came.
struct UnknownMembers {
  /// Beside the known members.
  std::map<std::string, std::string> members;
  /// Inside the object's `properties`.
  std::map<std::string, std::string> properties;

  friend bool operator==(const UnknownMembers&, const UnknownMembers&) = default;
};

/// A struct for a JSON object. Members that a resource keeps under `properties` are members of the struct
/// itself. In plain members the empty value means absence; so does a null on the wire.
template <class T>
concept Model = requires(T& value) {
  { value.unknown } -> std::same_as<UnknownMembers&>;
};

/// Writes every member, secrets and read-only ones included.
template <Model T>
void to_json(nlohmann::json& json, const T& value);

/// Reads leniently: members may be absent. Throws ProtocolError naming the member that has a wrong type or range, as
/// `properties.nodeCount: expected an integer, found a string`.
template <Model T>
void from_json(const nlohmann::json& json, T& value);

/// What a client sends: no read-only members.
template <Model T>
[[nodiscard]] nlohmann::json request_body(const T& value);

/// What a service may show: neither secrets nor unknown members (these might hold some).
template <Model T>
[[nodiscard]] nlohmann::json without_secrets(const T& value);

/// As from_json, for the receiving side of a request: throws ProtocolError also where a required member is absent, as
/// `properties.vmSize: required, but missing`.
template <Model T>
[[nodiscard]] T from_request(const nlohmann::json& json);

/// Reads JSON text. `what` begins the message, as `cluster.json` or `answer of the service`. Throws ProtocolError with
/// line and column for broken JSON; the text itself is not quoted, as it may hold secrets.
[[nodiscard]] nlohmann::json parse_json_text(std::string_view text, std::string_view what);

/// parse_json_text and from_json in one; messages of both begin with `what`.
template <Model T>
[[nodiscard]] T parse_json(std::string_view text, std::string_view what);

/// One answer of a list call: `{"value": [...], "nextLink": "..."}`.
template <Model T>
[[nodiscard]] Page<T> parse_page(std::string_view text, std::string_view what);

/// The same object for the answering side: without secrets, `nextLink` only where there is one.
template <Model T>
[[nodiscard]] nlohmann::json page_to_json(const Page<T>& page);

BATCHAI_NAMESPACE_END
