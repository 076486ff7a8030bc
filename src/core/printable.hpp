#pragma once

#include <string>
#include <string_view>

namespace batchai::inline v1 {

// Names and messages from outside must not control a terminal by: control characters of both sets (C0 except tab and
// line end, DEL, C1), the marks and overrides that change the direction of text, and the two line separators that only
// some programs know.

/// Whether nothing in the text controls a terminal, and all of it is UTF-8.
bool is_printable(std::string_view text);

/// The text with what controls a terminal as `\u001b`, which JSON and YAML's double quotes read as the character
/// itself, and with bytes that are no UTF-8 as `\xff`.
std::string printable(std::string_view text);

/// The same for what has to stay one line: line ends are escaped, too.
std::string printable_line(std::string_view text);

}  // namespace batchai::inline v1
