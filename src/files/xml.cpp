#include "files/xml.hpp"

#include "batchai/core/error.hpp"
#include "core/answer.hpp"

#include <sstream>

namespace batchai::inline v1::files {

pugi::xml_node load_answer(pugi::xml_document& document, const HttpResponse& response, const char* root) {
  // A name may be made of blanks.
  const auto parsed = document.load_buffer(response.body.data(), response.body.size(),
                                           pugi::parse_default | pugi::parse_ws_pcdata_single);
  const pugi::xml_node node = document.child(root);
  if (!parsed || !node) {
    const auto foreign = describe_foreign_answer(response);
    throw ProtocolError(foreign ? "the answer of the storage service cannot be read: " + *foreign
                                : std::string("the storage service's answer is no <") + root + "> document");
  }
  return node;
}

void append_text(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).text().set(text.c_str());
}

std::string text_of(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, "", pugi::format_raw, pugi::encoding_utf8);
  return text.str();
}

}  // namespace batchai::inline v1::files
