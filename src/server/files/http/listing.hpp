#pragma once

#include "server/files/http/call.hpp"

#include <string>

#include <pugixml.hpp>

namespace batchai::server::files {

/// An `EnumerationResults` document with its declaration and the account's URL.
pugi::xml_node begin_listing(pugi::xml_document& document, const Call& call);

/// Repeats those of Prefix, Marker and MaxResults that the request has.
void echo_list_parameters(pugi::xml_node root, const Call& call);

/// Appends `<name>text</name>`. Text that XML cannot carry is percent-encoded and marked by `Encoded="true"`.
pugi::xml_node append_text(pugi::xml_node parent, const char* name, const std::string& text);

}  // namespace batchai::server::files
