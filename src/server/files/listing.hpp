#pragma once

#include "server/files/call.hpp"

#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace batchai::server::files {

/// An `EnumerationResults` document with its declaration and the account's URL.
pugi::xml_node begin_listing(pugi::xml_document& document, const Call& call);

/// Repeats those of Prefix, Marker and MaxResults that the request has.
void echo_list_parameters(pugi::xml_node root, const Call& call);

/// Whether XML 1.0 can carry the text as it is; control characters are taken for such that it cannot.
bool is_xml_text(std::string_view text);

/// Appends `<element>name</element>`, percent-encoded and marked so where XML cannot carry the name.
void append_name(pugi::xml_node parent, const char* element, const std::string& name);

/// Appends `<name>text</name>`.
pugi::xml_node append_text(pugi::xml_node parent, const char* name, const std::string& text);

}  // namespace batchai::server::files
