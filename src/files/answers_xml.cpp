#include "batchai/core/url.hpp"
#include "core/answer.hpp"
#include "core/name_text.hpp"
#include "files/answers.hpp"
#include "files/smb_attributes.hpp"
#include "files/xml.hpp"

namespace batchai::inline v1::files {
namespace {

Metadata metadata_of(pugi::xml_node item) {
  Metadata metadata;
  for (const pugi::xml_node pair : item.child("Metadata").children()) {
    if (pair.type() == pugi::node_element) {
      metadata[pair.name()] = pair.child_value();
    }
  }
  return metadata;
}

std::string etag_of(pugi::xml_node properties) { return properties.child_value("Etag"); }

/// Names that XML cannot carry come percent-encoded.
std::string name_of(pugi::xml_node item) {
  const pugi::xml_node name = item.child("Name");
  return to_name(name.child_value(), name.attribute("Encoded").as_bool());
}

DirectoryEntry read_entry(pugi::xml_node node) {
  const pugi::xml_node properties = node.child("Properties");
  return {.name = name_of(node),
          .is_directory = std::string_view(node.name()) == "Directory",
          .size = properties.child("Content-Length").text().as_ullong(),
          .etag = etag_of(properties),
          .last_modified = parse_http_date(properties.child_value("Last-Modified")),
          .created = parse_iso8601(properties.child_value("CreationTime")),
          .last_write = parse_iso8601(properties.child_value("LastWriteTime")),
          .changed = parse_iso8601(properties.child_value("ChangeTime")),
          .file_id = node.child_value("FileId"),
          .attributes = parse_smb_attributes(node.child_value("Attributes")),
          .permission_key = node.child_value("PermissionKey")};
}

SmbHandle read_handle(pugi::xml_node node) {
  const pugi::xml_node path = node.child("Path");
  SmbHandle handle{.id = node.child_value("HandleId"),
                   .path = to_name(path.child_value(), path.attribute("Encoded").as_bool()),
                   .file_id = node.child_value("FileId"),
                   .parent_id = node.child_value("ParentId"),
                   .session_id = node.child_value("SessionId"),
                   .client = node.child_value("ClientIp"),
                   .opened = parse_http_date(node.child_value("OpenTime")),
                   .last_reconnected = parse_http_date(node.child_value("LastReconnectTime"))};
  for (const pugi::xml_node right : node.child("AccessRightList").children("AccessRight")) {
    handle.access.emplace_back(right.child_value());
  }
  return handle;
}

/// The message up to where the service adds the request id and the time.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

ServiceError make_storage_error(const HttpResponse& response, Timestamp now) {
  ErrorBody body{response.headers.get("x-ms-error-code"), describe_foreign_answer(response).value_or(response.reason),
                 ""};
  pugi::xml_document document;
  if (document.load_buffer(response.body.data(), response.body.size())) {
    const pugi::xml_node error = document.child("Error");
    if (*error.child_value("Code") != '\0') {
      body.code = error.child_value("Code");
    }
    if (*error.child_value("Message") != '\0') {
      body.message = first_line(error.child_value("Message"));
    }
    if (*error.child_value("AuthenticationErrorDetail") != '\0') {
      body.message += " (" + first_line(error.child_value("AuthenticationErrorDetail")) + ")";
    }
    for (const pugi::xml_node member : error.children()) {
      const std::string_view name = member.name();
      if (member.type() == pugi::node_element && name != "Code" && name != "Message") {
        body.extra[member.name()] = member.child_value();
      }
    }
  }
  body.message += describe_pause(response);
  return {response.status, std::move(body), refused_request(response, now)};
}

Page<ShareItem> read_shares(const HttpResponse& response) {
  pugi::xml_document document;
  const pugi::xml_node root = load_answer(document, response, "EnumerationResults");
  Page<ShareItem> page;
  for (const pugi::xml_node node : root.child("Shares").children("Share")) {
    const pugi::xml_node properties = node.child("Properties");
    page.items.push_back({.name = node.child_value("Name"),
                          .quota = properties.child("Quota").text().as_llong(),
                          .etag = etag_of(properties),
                          .last_modified = parse_http_date(properties.child_value("Last-Modified")),
                          .snapshot = node.child_value("Snapshot"),
                          .metadata = metadata_of(node)});
  }
  page.next_link = root.child_value("NextMarker");
  return page;
}

Page<DirectoryEntry> read_entries(const HttpResponse& response) {
  pugi::xml_document document;
  const pugi::xml_node root = load_answer(document, response, "EnumerationResults");
  const std::string_view own_id = root.child_value("DirectoryId");
  Page<DirectoryEntry> page;
  for (const pugi::xml_node node : root.child("Entries").children()) {
    if (node.type() != pugi::node_element) {
      continue;
    }
    if (!own_id.empty() && node.child_value("FileId") == own_id) {
      throw EndlessList("the storage service lists a directory that contains itself, as '" + name_of(node) + "'");
    }
    page.items.push_back(read_entry(node));
  }
  page.next_link = root.child_value("NextMarker");
  return page;
}

std::vector<FileRange> read_ranges(const HttpResponse& response) {
  pugi::xml_document document;
  std::vector<FileRange> ranges;
  for (const pugi::xml_node node : load_answer(document, response, "Ranges").children("Range")) {
    const std::uint64_t first = node.child("Start").text().as_ullong();
    const std::uint64_t last = node.child("End").text().as_ullong();
    if (last < first) {
      throw ProtocolError("the storage service lists a range of a file that ends before it begins");
    }
    ranges.push_back({first, last - first + 1});
  }
  return ranges;
}

Page<SmbHandle> read_handles(const HttpResponse& response) {
  pugi::xml_document document;
  const pugi::xml_node root = load_answer(document, response, "EnumerationResults");
  Page<SmbHandle> page;
  for (const pugi::xml_node node : root.child("Entries").children("Handle")) {
    page.items.push_back(read_handle(node));
  }
  page.next_link = root.child_value("NextMarker");
  return page;
}

std::uint64_t read_share_usage(const HttpResponse& response) {
  pugi::xml_document document;
  const pugi::xml_node bytes = load_answer(document, response, "ShareStats").child("ShareUsageBytes");
  if (!bytes) {
    throw ProtocolError("the storage service's answer does not say how many bytes of the share are used");
  }
  return bytes.text().as_ullong();
}

std::vector<AccessPolicy> read_access_policies(const HttpResponse& response) {
  pugi::xml_document document;
  std::vector<AccessPolicy> policies;
  for (const pugi::xml_node node : load_answer(document, response, "SignedIdentifiers").children("SignedIdentifier")) {
    const pugi::xml_node policy = node.child("AccessPolicy");
    policies.push_back({.id = node.child_value("Id"),
                        .permissions = policy.child_value("Permission"),
                        .start = parse_iso8601(policy.child_value("Start")),
                        .expiry = parse_iso8601(policy.child_value("Expiry"))});
  }
  return policies;
}

std::string write_access_policies(const std::vector<AccessPolicy>& policies) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("SignedIdentifiers");
  for (const AccessPolicy& policy : policies) {
    pugi::xml_node node = root.append_child("SignedIdentifier");
    append_text(node, "Id", policy.id);
    pugi::xml_node access = node.append_child("AccessPolicy");
    if (policy.start) {
      append_text(access, "Start", format_iso8601_ticks(*policy.start));
    }
    if (policy.expiry) {
      append_text(access, "Expiry", format_iso8601_ticks(*policy.expiry));
    }
    if (!policy.permissions.empty()) {
      append_text(access, "Permission", policy.permissions);
    }
  }
  return text_of(document);
}

}  // namespace batchai::inline v1::files
