#include "server/files/http/request_xml.hpp"

#include "server/files/http/carried_text.hpp"

#include <algorithm>

namespace batchai::server::files {
namespace {

/// Far more than five policies or rules take; a document in memory is many times as large as its text.
constexpr std::size_t kLongestDocument = 256 * 1024;

/// Checks the characters that character references produce.
class CharacterCheck final : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node& node) override {
    const auto attributes = node.attributes();
    return is_xml_content(node.value()) && std::all_of(attributes.begin(), attributes.end(), [](const auto& attribute) {
             return is_xml_content(attribute.value());
           });
  }
};

}  // namespace

pugi::xml_document parse_request_xml(const std::string& xml, const char* root) {
  pugi::xml_document document;
  if (xml.empty()) {
    return document;
  }
  if (xml.size() > kLongestDocument) {
    throw StorageError("RequestBodyTooLarge");
  }
  const auto result = document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result || std::string(document.document_element().name()) != root) {
    throw StorageError("InvalidXmlDocument").with_detail("Reason", std::string("The body has to be one ") + root + ".");
  }
  CharacterCheck check;
  if (!is_xml_content(xml) || !document.traverse(check)) {
    throw StorageError("InvalidXmlDocument").with_detail("Reason", "The body holds what is no character of XML.");
  }
  return document;
}

StorageError invalid_node(const char* name, const std::string& value) {
  return StorageError("InvalidXmlNodeValue").with_detail("XmlNodeName", name).with_detail("XmlNodeValue", value);
}

}  // namespace batchai::server::files
