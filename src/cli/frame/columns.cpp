#include "cli/frame/columns.hpp"

#include "core/printable.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

constexpr std::string_view kEllipsis = "…";

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

/// Where the character number `count` begins, counted from 0.
std::size_t offset_of(std::string_view text, std::size_t count) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins_character(text[at]) && characters++ == count) {
      return at;
    }
  }
  return text.size();
}

}  // namespace

std::string fit_columns(std::string_view text, std::size_t columns) {
  std::string result = printable(text);
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  const bool fits = offset_of(result, columns) == result.size();
  result.resize(fits ? result.size() : offset_of(result, columns == 0 ? 0 : columns - 1));
  return fits || columns == 0 ? result : result.append(kEllipsis);
}

}  // namespace batchai::cli
