#pragma once

#include <string>
#include <string_view>

namespace batchai::cli {

/// The text as far as it fits into that many columns of a terminal, with an ellipsis where something is left out.
/// It is made printable(), with blanks for line ends and tabs. A character of UTF-8 counts as one column.
std::string fit_columns(std::string_view text, std::size_t columns);

}  // namespace batchai::cli
