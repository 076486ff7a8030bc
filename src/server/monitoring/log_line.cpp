#include "server/monitoring/log_line.hpp"

#include "core/printable.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace batchai::server {
namespace {

using nlohmann::json;

constexpr std::size_t kLongest = 2048;
/// The text before a secret in URLs, forms, connection strings and headers.
constexpr std::array<std::string_view, 5> kMarks = {
    "sig=", "AccountKey=", "client_secret=", "client_assertion=", "Bearer "};

/// As JSON, in which nothing controls the terminal that the log is read on.
std::string quoted(const std::string& text) {
  return printable(json(text).dump(-1, ' ', false, json::error_handler_t::replace));
}

bool is_plain(unsigned char c) { return c > ' ' && c != '"' && c != '=' && c != '\\' && c < 0x7f; }

/// As JSON has it.
std::string number_text(double value) {
  if (!std::isfinite(value)) {
    return "null";
  }
  std::array<char, 400> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed).ptr;
  std::string text(digits.begin(), end);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string shown(const LogField& field) {
  if (const auto* text = std::get_if<std::string>(&field.value)) {
    if (text->empty()) {
      return "-";
    }
    return std::all_of(text->begin(), text->end(), is_plain) ? *text : quoted(*text);
  }
  if (const auto* whole = std::get_if<std::int64_t>(&field.value)) {
    return std::to_string(*whole);
  }
  return number_text(std::get<double>(field.value));
}

}  // namespace

std::string loggable(std::string_view text) {
  std::string result(text.substr(0, kLongest));
  if (text.size() > kLongest) {
    result += "...";
  }
  for (const std::string_view mark : kMarks) {
    for (std::size_t at = result.find(mark); at != std::string::npos; at = result.find(mark, at)) {
      at += mark.size();
      const std::size_t end = std::min(result.find_first_of("&; \"'", at), result.size());
      result.replace(at, end - at, "***");
    }
  }
  return result;
}

std::string text_line(std::string_view event, const std::vector<LogField>& fields) {
  std::string line(event);
  for (const LogField& field : fields) {
    line.append(" ").append(field.name).append("=").append(shown(field));
  }
  return line;
}

std::string json_members(std::string_view event, const std::vector<LogField>& fields) {
  std::string line = "\"event\":" + quoted(std::string(event));
  for (const LogField& field : fields) {
    const auto* text = std::get_if<std::string>(&field.value);
    if (text != nullptr && text->empty()) {
      continue;
    }
    line.append(",\"").append(field.name).append("\":").append(text != nullptr ? quoted(*text) : shown(field));
  }
  return line;
}

}  // namespace batchai::server
