#include "server/files/answer.hpp"

#include <algorithm>
#include <sstream>

#include <pugixml.hpp>

namespace batchai::server::files {
namespace {

/// XML has no way to write control characters.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' && c != '\n'; }, '?');
  return text;
}

}  // namespace

void set_moment(Response& response, const std::string& etag, const std::string& last_modified) {
  response.headers.set("ETag", etag);
  response.headers.set("Last-Modified", last_modified);
}

void set_metadata(Response& response, const Metadata& metadata) {
  for (const auto& [name, value] : metadata) {
    response.headers.add("x-ms-meta-" + name, value);
  }
}

NodeState directory_state(const NodeState& state, const Attributes& attributes) {
  NodeState result = state;
  result.modified = attributes.modified.value_or(state.created);
  // Both change with the entries of the directory.
  result.size = 0;
  result.written = result.modified;
  result.changed = result.modified;
  return result;
}

std::string smb_attributes(NodeKind kind, const Attributes& attributes) {
  if (!attributes.smb_attributes.empty()) {
    return attributes.smb_attributes;
  }
  return kind == NodeKind::Directory ? "Directory" : "Archive";
}

void set_smb_headers(Response& response, const Call& call, NodeKind kind, const NodeState& state,
                     const Attributes& attributes, const std::string& parent_id) {
  if (!call.since(versions::kSmbProperties)) {
    return;
  }
  response.headers.set("x-ms-file-permission-key", kPermissionKey);
  response.headers.set("x-ms-file-attributes", smb_attributes(kind, attributes));
  response.headers.set("x-ms-file-creation-time", format_iso8601_ticks(state.created));
  response.headers.set("x-ms-file-last-write-time", format_iso8601_ticks(state.written));
  response.headers.set("x-ms-file-change-time", format_iso8601_ticks(state.changed));
  response.headers.set("x-ms-file-id", std::to_string(state.id));
  response.headers.set("x-ms-file-parent-id", parent_id);
}

std::string parent_id(const Place& place) {
  return place.in_root ? "0" : std::to_string(read_state(place.parent.get()).id);
}

Response xml_answer(int status, const pugi::xml_document& document) {
  std::ostringstream stream;
  document.save(stream, "", pugi::format_raw, pugi::encoding_utf8);
  Response response{.status = status, .body = stream.str()};
  response.headers.set("Content-Type", "application/xml");
  return response;
}

Response error_answer(const StorageError& error, const Request& request, Timestamp now) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
  auto root = document.append_child("Error");
  root.append_child("Code").text().set(error.code().c_str());
  const std::string message =
      std::string(error.what()) + "\nRequestId:" + request.request_id + "\nTime:" + format_iso8601_ticks(now);
  root.append_child("Message").text().set(message.c_str());
  for (const auto& [element, text] : error.details()) {
    root.append_child(element.c_str()).text().set(printable(text).c_str());
  }
  Response response = xml_answer(error.status(), document);
  if (request.method == "HEAD") {
    response.body.clear();
  }
  response.reason = error.what();
  response.headers.set("x-ms-error-code", error.code());
  for (const auto& [name, value] : error.headers()) {
    response.headers.set(name, value);
  }
  return response;
}

}  // namespace batchai::server::files
