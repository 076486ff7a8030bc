#pragma once

#include <optional>
#include <string_view>

namespace batchai::inline v1 {

/// The code point of UTF-8 (RFC 3629) at the front of a text that is not empty; it is cut off. Broken UTF-8: nothing,
/// and the text stays.
std::optional<char32_t> take_code_point(std::string_view& text);

/// Whether `text` is well-formed UTF-8.
bool is_utf8(std::string_view text);

}  // namespace batchai::inline v1
