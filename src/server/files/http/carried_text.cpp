#include "server/files/http/carried_text.hpp"

#include "core/utf8.hpp"

#include <algorithm>

namespace batchai::server::files {
namespace {

bool is_xml_character(char32_t c) { return c >= U' ' && c != 0xfffe && c != 0xffff; }

template <class Predicate>
bool has_only(std::string_view text, const Predicate& allowed) {
  while (!text.empty()) {
    const auto c = take_code_point(text);
    if (!c || !allowed(*c)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_header_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_xml_text(std::string_view text) { return has_only(text, is_xml_character); }

bool is_xml_content(std::string_view text) {
  return has_only(text, [](char32_t c) { return is_xml_character(c) || c == U'\t' || c == U'\n' || c == U'\r'; });
}

std::string as_xml_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::string_view before = text;
    const auto c = take_code_point(text);
    if (!c) {
      text.remove_prefix(1);
    }
    const bool fits = c && (is_xml_character(*c) || *c == U'\n');
    result += fits ? before.substr(0, before.size() - text.size()) : "?";
  }
  return result;
}

}  // namespace batchai::server::files
