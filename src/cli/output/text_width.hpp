#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace batchai::cli {

/// How many columns of a terminal UTF-8 text takes: two for East Asian wide characters and most emoji, none for
/// combining marks and control characters.
std::size_t width_of(std::string_view text);

/// Text of at most `width` columns; an ellipsis replaces what is cut off at the end.
std::string shortened(const std::string& text, std::size_t width);

}  // namespace batchai::cli
