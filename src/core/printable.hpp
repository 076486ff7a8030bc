#pragma once

#include <string>
#include <string_view>

namespace batchai {

// What a terminal obeys instead of showing it must not come from a name or a message of somebody else: control
// characters of both sets (C0 but for tab and line end, DEL, C1), the marks and overrides that turn the order of a line
// around, and the two separators of lines that only some programs know.

/// Whether nothing in the text steers a terminal, and all of it is UTF-8.
bool is_printable(std::string_view text);

/// The text with what steers a terminal as `\u001b`, which JSON and YAML's double quotes read as the character itself,
/// and with bytes that are no UTF-8 as `\xff`.
std::string printable(std::string_view text);

/// The same for what has to stay one line: line ends are escaped, too.
std::string printable_line(std::string_view text);

}  // namespace batchai
