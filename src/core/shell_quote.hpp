#pragma once

#include <string>
#include <string_view>

namespace batchai::inline v1 {

/// The text as one word of a POSIX shell command in which nothing is expanded: within single quotes, and with `'\''`
/// for each single quote of its own.
std::string shell_quote(std::string_view text);

}  // namespace batchai::inline v1
