#pragma once

#include "batchai/core/http.hpp"

#include <string>

#include <pugixml.hpp>

namespace batchai::inline v1::files {

/// The root of an answer's document. Throws ProtocolError if it is no such document.
pugi::xml_node load_answer(pugi::xml_document& document, const HttpResponse& response, const char* root);

void append_text(pugi::xml_node parent, const char* name, const std::string& text);

/// The document as a request's body.
std::string text_of(const pugi::xml_document& document);

}  // namespace batchai::inline v1::files
