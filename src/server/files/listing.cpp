#include "server/files/listing.hpp"

#include "batchai/core/url.hpp"
#include "core/utf8.hpp"
#include "server/files/request_values.hpp"

namespace batchai::server::files {

pugi::xml_node begin_listing(pugi::xml_document& document, const Call& call) {
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
  auto root = document.append_child("EnumerationResults");
  root.append_attribute("ServiceEndpoint") = service_endpoint(call.request, call.address).c_str();
  return root;
}

void echo_list_parameters(pugi::xml_node root, const Call& call) {
  if (call.request.query_parameter("prefix") != nullptr) {
    append_name(root, "Prefix", call.query("prefix"));
  }
  if (call.request.query_parameter("marker") != nullptr) {
    append_text(root, "Marker", call.query("marker"));
  }
  if (!call.query("maxresults").empty()) {
    append_text(root, "MaxResults", std::to_string(read_max_results(call)));
  }
}

bool is_xml_text(std::string_view text) {
  while (!text.empty()) {
    const auto code_point = take_code_point(text);
    if (!code_point || *code_point < U' ' || *code_point == 0xfffe || *code_point == 0xffff) {
      return false;
    }
  }
  return true;
}

void append_name(pugi::xml_node parent, const char* element, const std::string& name) {
  if (is_xml_text(name)) {
    append_text(parent, element, name);
  } else {
    append_text(parent, element, percent_encode(name)).append_attribute("Encoded") = "true";
  }
}

pugi::xml_node append_text(pugi::xml_node parent, const char* name, const std::string& text) {
  auto node = parent.append_child(name);
  if (!text.empty()) {
    node.text().set(text.c_str());
  }
  return node;
}

}  // namespace batchai::server::files
