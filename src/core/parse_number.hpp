#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace batchai::inline v1 {

/// The whole number that the text is from its first character to its last, a minus in front only where `Number` has a
/// sign. Nothing for all else: no text, blanks, a plus, a number that `Number` cannot hold.
template <class Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, base);
  return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

}  // namespace batchai::inline v1
