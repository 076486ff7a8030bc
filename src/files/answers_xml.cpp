#include "batchai/core/url.hpp"
#include "core/retry_after.hpp"
#include "files/answers.hpp"

#include <pugixml.hpp>

namespace batchai::files {
namespace {

constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

pugi::xml_node load(pugi::xml_document& document, const HttpResponse& response, const char* root) {
  const auto parsed = document.load_buffer(response.body.data(), response.body.size());
  const pugi::xml_node node = document.child(root);
  if (!parsed || !node) {
    throw ProtocolError(std::string("the storage service's answer is no <") + root + "> document");
  }
  return node;
}

std::string etag_of(pugi::xml_node properties) { return properties.child_value("Etag"); }

/// Names that XML cannot carry come percent-encoded.
std::string name_of(pugi::xml_node item) {
  const pugi::xml_node name = item.child("Name");
  std::string text = name.child_value();
  if (name.attribute("Encoded").as_bool()) {
    return percent_decode(text).value_or(text);
  }
  return text;
}

DirectoryEntry read_entry(pugi::xml_node node) {
  const pugi::xml_node properties = node.child("Properties");
  return {.name = name_of(node),
          .is_directory = std::string_view(node.name()) == "Directory",
          .size = properties.child("Content-Length").text().as_ullong(),
          .etag = etag_of(properties),
          .last_modified = parse_http_date(properties.child_value("Last-Modified")),
          .created = parse_iso8601(properties.child_value("CreationTime")),
          .last_write = parse_iso8601(properties.child_value("LastWriteTime"))};
}

/// The message up to where the service adds the request id and the time.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

ServiceError make_storage_error(const HttpResponse& response) {
  ErrorBody body{response.headers.get("x-ms-error-code"), response.reason, ""};
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
  }
  return {response.status, std::move(body), response.headers.get("x-ms-request-id")};
}

void throw_storage_error(const HttpResponse& response, Timestamp now) {
  const ServiceError error = make_storage_error(response);
  if (response.status == kTooManyRequests || response.status == kUnavailable) {
    throw ServiceBusy(error, retry_after(response.headers, now));
  }
  throw error;
}

Page<ShareItem> read_shares(const HttpResponse& response) {
  pugi::xml_document document;
  const pugi::xml_node root = load(document, response, "EnumerationResults");
  Page<ShareItem> page;
  for (const pugi::xml_node node : root.child("Shares").children("Share")) {
    const pugi::xml_node properties = node.child("Properties");
    page.items.push_back({.name = node.child_value("Name"),
                          .quota = properties.child("Quota").text().as_llong(),
                          .etag = etag_of(properties),
                          .last_modified = parse_http_date(properties.child_value("Last-Modified"))});
  }
  page.next_link = root.child_value("NextMarker");
  return page;
}

Page<DirectoryEntry> read_entries(const HttpResponse& response) {
  pugi::xml_document document;
  const pugi::xml_node root = load(document, response, "EnumerationResults");
  Page<DirectoryEntry> page;
  for (const pugi::xml_node node : root.child("Entries").children()) {
    page.items.push_back(read_entry(node));
  }
  page.next_link = root.child_value("NextMarker");
  return page;
}

std::vector<FileRange> read_ranges(const HttpResponse& response) {
  pugi::xml_document document;
  std::vector<FileRange> ranges;
  for (const pugi::xml_node node : load(document, response, "Ranges").children("Range")) {
    ranges.push_back({node.child("Start").text().as_ullong(), node.child("End").text().as_ullong()});
  }
  return ranges;
}

}  // namespace batchai::files
