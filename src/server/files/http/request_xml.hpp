#pragma once

#include "server/files/http/storage_error.hpp"

#include <string>

#include <pugixml.hpp>

namespace batchai::server::files {

/// The body of a request as a document with the root element `root`; of an empty body an empty document. Throws
/// InvalidXmlDocument.
pugi::xml_document parse_request_xml(const std::string& xml, const char* root);

/// 400 InvalidXmlNodeValue naming the element and what was in it.
StorageError invalid_node(const char* name, const std::string& value);

}  // namespace batchai::server::files
