#pragma once

#include <string>
#include <string_view>

/// What answers can carry. In headers: printable ASCII. In XML 1.0: no control characters, no U+FFFE and U+FFFF, and
/// UTF-8 only.
namespace batchai::server::files {

bool is_header_text(std::string_view text);

/// Line ends and tabs are excluded too: readers of an attribute get spaces for them.
bool is_xml_text(std::string_view text);

/// The same for content of elements, which may have line ends and tabs.
bool is_xml_content(std::string_view text);

/// The text with question marks in place of what XML cannot carry; line ends stay.
std::string as_xml_text(std::string_view text);

}  // namespace batchai::server::files
