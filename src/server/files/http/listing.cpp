#include "server/files/http/listing.hpp"

#include "batchai/core/url.hpp"
#include "server/files/http/carried_text.hpp"
#include "server/files/http/request_values.hpp"

namespace batchai::server::files {

pugi::xml_node begin_listing(pugi::xml_document& document, const Call& call) {
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
  auto root = document.append_child("EnumerationResults");
  root.append_attribute("ServiceEndpoint") = as_xml_text(service_endpoint(call.request, call.address)).c_str();
  return root;
}

void echo_list_parameters(pugi::xml_node root, const Call& call) {
  if (call.request.query_parameter("prefix") != nullptr) {
    append_text(root, "Prefix", call.query("prefix"));
  }
  if (call.request.query_parameter("marker") != nullptr) {
    append_text(root, "Marker", call.query("marker"));
  }
  if (!call.query("maxresults").empty()) {
    append_text(root, "MaxResults", std::to_string(read_max_results(call)));
  }
}

pugi::xml_node append_text(pugi::xml_node parent, const char* name, const std::string& text) {
  auto node = parent.append_child(name);
  if (!is_xml_text(text)) {
    node.append_attribute("Encoded") = "true";
    node.text().set(percent_encode(text).c_str());
  } else if (!text.empty()) {
    node.text().set(text.c_str());
  }
  return node;
}

}  // namespace batchai::server::files
