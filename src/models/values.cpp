#include "models/values.hpp"

#include "batchai/core/error.hpp"

#include <cmath>
#include <limits>

namespace batchai::inline v1::describe {
namespace {

using nlohmann::json;

std::string kind_of(const json& value) {
  switch (value.type()) {
    case json::value_t::null:
      return "null";
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return "a list";
    case json::value_t::string:
      return "a string";
    case json::value_t::boolean:
      return "a truth value";
    default:
      return "a number";
  }
}

[[noreturn]] void fail_type(const json& value, const JsonPath& where, std::string_view expected) {
  throw ProtocolError(where.lead() + "expected " + std::string(expected) + ", found " + kind_of(value));
}

const std::string& require_string(const json& value, const JsonPath& where, std::string_view expected) {
  if (!value.is_string()) {
    fail_type(value, where, expected);
  }
  return value.get_ref<const std::string&>();
}

/// Whole numbers may come as floating-point ones: the service has written ports as 50000.0.
std::optional<std::int64_t> whole_number(const json& value) {
  constexpr double kTwoTo63 = 9'223'372'036'854'775'808.0;
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    return number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? std::optional(static_cast<std::int64_t>(number))
               : std::nullopt;
  }
  if (value.is_number_integer()) {
    return value.get<std::int64_t>();
  }
  const auto number = value.get<double>();
  if (number != std::trunc(number) || number < -kTwoTo63 || number >= kTwoTo63) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number);
}

template <class Integer>
Integer read_integer(const json& value, const JsonPath& where) {
  using Limits = std::numeric_limits<Integer>;
  if (!value.is_number()) {
    fail_type(value, where, "an integer");
  }
  const std::optional<std::int64_t> number = whole_number(value);
  if (!number || *number < Limits::min() || *number > Limits::max()) {
    throw ProtocolError(where.lead() + "expected an integer from " + std::to_string(Limits::min()) + " to " +
                        std::to_string(Limits::max()) + ", found " + value.dump());
  }
  return static_cast<Integer>(*number);
}

}  // namespace

std::string JsonPath::path() const {
  if (parent_ == nullptr) {
    return {};
  }
  std::string before = parent_->path();
  if (index_) {
    return before + '[' + std::to_string(*index_) + ']';
  }
  return before + (before.empty() ? "" : ".") + std::string(name_);
}

std::string JsonPath::lead() const {
  std::string text(top().what_);
  const std::string inside = path();
  if (!text.empty()) {
    text += ": ";
  }
  return inside.empty() ? text : text + inside + ": ";
}

void fail_missing(const JsonPath& where) { throw ProtocolError(where.lead() + "required, but missing"); }

void require_object(const json& value, const JsonPath& where) {
  if (!value.is_object()) {
    fail_type(value, where, "an object");
  }
}

void require_array(const json& value, const JsonPath& where) {
  if (!value.is_array()) {
    fail_type(value, where, "a list");
  }
}

const json& member_of(const json& object, const char* name) {
  static const json kAbsent;
  const auto it = object.is_object() ? object.find(name) : object.end();
  return it == object.end() ? kAbsent : *it;
}

void keep_unknown(const json& level, bool (*knows)(std::string_view name, bool in_properties), bool in_properties,
                  std::map<std::string, std::string>& unknown) {
  if (!level.is_object()) {
    return;
  }
  for (const auto& [name, content] : level.items()) {
    if (!knows(name, in_properties)) {
      unknown[name] = content.dump();
    }
  }
}

void write_unknown(const std::map<std::string, std::string>& unknown, json& object) {
  for (const auto& [name, text] : unknown) {
    object[name] = parse_json_text(text, name);
  }
}

void read_value(const json& value, const JsonPath& where, Reading, std::string& result) {
  result = require_string(value, where, "a string");
}

void read_value(const json& value, const JsonPath& where, Reading, Secret& result) {
  result = Secret(require_string(value, where, "a string"));
}

void read_value(const json& value, const JsonPath& where, Reading, bool& result) {
  if (!value.is_boolean()) {
    fail_type(value, where, "true or false");
  }
  result = value.get<bool>();
}

void read_value(const json& value, const JsonPath& where, Reading, std::int32_t& result) {
  result = read_integer<std::int32_t>(value, where);
}

void read_value(const json& value, const JsonPath& where, Reading, std::int64_t& result) {
  result = read_integer<std::int64_t>(value, where);
}

void read_value(const json& value, const JsonPath& where, Reading, Timestamp& result) {
  constexpr std::string_view kExpected = "a time such as 2018-06-07T21:16:21.13Z";
  const std::string& text = require_string(value, where, kExpected);
  const std::optional<Timestamp> time = parse_iso8601(text);
  if (!time) {
    throw ProtocolError(where.lead() + "expected " + std::string(kExpected) + ", found \"" + text + '"');
  }
  result = *time;
}

void read_value(const json& value, const JsonPath& where, Reading, Duration& result) {
  constexpr std::string_view kExpected = "a duration such as P7D or PT1H30M";
  const std::string& text = require_string(value, where, kExpected);
  const std::optional<Duration> duration = parse_duration(text);
  if (!duration) {
    throw ProtocolError(where.lead() + "expected " + std::string(kExpected) + ", found \"" + text + '"');
  }
  result = *duration;
}

void read_value(const json& value, const JsonPath& where, Reading reading, std::map<std::string, std::string>& result) {
  require_object(value, where);
  for (const auto& [name, content] : value.items()) {
    if (!content.is_null()) {
      read_value(content, JsonPath(where, name), reading, result[name]);
    }
  }
}

json write_value(const Secret& value, Writing writing) {
  return writing == Writing::Shown ? json() : json(value.reveal());
}

json write_value(const Timestamp& value, Writing) { return format_iso8601(value); }

json write_value(const Duration& value, Writing) { return format_iso8601_duration(value); }

}  // namespace batchai::inline v1::describe
