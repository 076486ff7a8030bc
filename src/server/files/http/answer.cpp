#include "server/files/http/answer.hpp"

#include "server/files/http/carried_text.hpp"

#include <sstream>

#include <pugixml.hpp>

namespace batchai::server::files {
void set_moment(Response& response, const std::string& etag, const std::string& last_modified) {
  response.headers.set("ETag", etag);
  response.headers.set("Last-Modified", last_modified);
}

void set_metadata(Response& response, const Metadata& metadata) {
  for (const auto& [name, value] : metadata) {
    response.headers.add("x-ms-meta-" + name, value);
  }
}

NodeState seen_state(NodeKind kind, const NodeState& state, const Attributes& attributes) {
  NodeState seen = state;
  seen.created = attributes.created.value_or(state.created);
  if (kind == NodeKind::Directory) {
    // Its own times change with its entries.
    seen.size = 0;
    seen.modified = attributes.modified.value_or(state.created);
    seen.written = attributes.written.value_or(seen.modified);
    seen.changed = attributes.changed.value_or(seen.modified);
  } else if (attributes.smb_times_valid_for && *attributes.smb_times_valid_for == state.written) {
    seen.modified = attributes.modified.value_or(state.modified);
    seen.written = attributes.written.value_or(state.written);
    seen.changed = attributes.changed.value_or(state.changed);
  }
  return seen;
}

Attributes drop_void_hash(Attributes attributes, const NodeState& state) {
  if (attributes.md5_valid_for && *attributes.md5_valid_for != state.written) {
    attributes.content_md5.clear();
  }
  return attributes;
}

void set_lease_headers(Response& response, const std::optional<Lease>& lease, Timestamp now) {
  const LeaseState state = lease_state(lease, now);
  response.headers.set("x-ms-lease-status", is_held(state) ? "locked" : "unlocked");
  response.headers.set("x-ms-lease-state", lease_state_name(state));
  if (state == LeaseState::Leased) {
    response.headers.set("x-ms-lease-duration", lease->length ? "fixed" : "infinite");
  }
}

Response lease_answer(const LeaseOutcome& outcome, const std::string& etag, const std::string& last_modified) {
  Response response{.status = outcome.status};
  set_moment(response, etag, last_modified);
  if (!outcome.id.empty()) {
    response.headers.set("x-ms-lease-id", outcome.id);
  }
  if (outcome.break_time) {
    response.headers.set("x-ms-lease-time", std::to_string(outcome.break_time->count()));
  }
  return response;
}

std::string parent_id(const TreeEntry& entry) {
  return entry.in_root ? "0" : std::to_string(read_state(entry.parent.get()).id);
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
    root.append_child(element.c_str()).text().set(as_xml_text(text).c_str());
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
