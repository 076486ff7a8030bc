#include "core/printable.hpp"

#include "core/utf8.hpp"

#include <array>
#include <cstdio>

namespace batchai::inline v1 {
namespace {

bool is_control(char32_t c) { return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c <= 0x9f); }

/// UAX #9, 2: marks, embeddings, overrides and isolates.
bool is_bidi_control(char32_t c) {
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool is_separator(char32_t c) { return c == 0x2028 || c == 0x2029; }

bool steers(char32_t c) { return is_control(c) || is_bidi_control(c) || is_separator(c); }

bool is_plain(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t'; }

/// All characters that control a terminal are in the first plane.
std::string escaped(char32_t c) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(c));
  return text.data();
}

std::string escaped_byte(char byte) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  return text.data();
}

/// Cuts off the first character, or a byte that begins none, and gives what is shown for it.
std::string take_shown(std::string_view& text) {
  const std::string_view before = text;
  const auto code_point = take_code_point(text);
  if (!code_point) {
    text.remove_prefix(1);
    return escaped_byte(before.front());
  }
  return steers(*code_point) ? escaped(*code_point) : std::string(before.substr(0, before.size() - text.size()));
}

}  // namespace

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    if (is_plain(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    const auto code_point = take_code_point(text);
    if (!code_point || steers(*code_point)) {
      return false;
    }
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    if (is_plain(text.front())) {
      shown += text.front();
      text.remove_prefix(1);
    } else {
      shown += take_shown(text);
    }
  }
  return shown;
}

std::string printable_line(std::string_view text) {
  std::string shown = printable(text);
  for (std::size_t end = shown.find('\n'); end != std::string::npos; end = shown.find('\n', end)) {
    shown.replace(end, 1, escaped('\n'));
  }
  return shown;
}

}  // namespace batchai::inline v1
