#include "core/name_text.hpp"

#include "batchai/core/url.hpp"
#include "core/utf8.hpp"

namespace batchai::inline v1 {

NameText to_name_text(std::string_view name) {
  return is_utf8(name) ? NameText{std::string(name)} : NameText{percent_encode(name), true};
}

std::string to_name(const std::string& text, bool encoded) {
  return encoded ? percent_decode(text).value_or(text) : text;
}

}  // namespace batchai::inline v1
