#include "files/requests.hpp"

#include "batchai/core/error.hpp"
#include "files/smb_attributes.hpp"

#include <algorithm>
#include <array>

namespace batchai::inline v1::files {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_metadata_name(const std::string& name) {
  return !name.empty() && (name.front() < '0' || name.front() > '9') &&
         std::all_of(name.begin(), name.end(), is_name_character);
}

bool is_header_text(const std::string& value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void add_time(Headers& headers, const char* name, const std::optional<Timestamp>& time) {
  if (time) {
    headers.set(name, format_iso8601_ticks(*time));
  }
}

}  // namespace

void add_metadata(Headers& headers, const Metadata& metadata) {
  for (const auto& [name, value] : metadata) {
    if (!is_metadata_name(name)) {
      throw InvalidArgument("'" + name + "' is no metadata name: use letters, digits and '_', no digit first");
    }
    if (!is_header_text(value)) {
      throw InvalidArgument("the value of metadata '" + name + "' holds more than printable ASCII characters");
    }
    headers.add("x-ms-meta-" + name, value);
  }
}

void add_content_headers(Headers& headers, const ContentHeaders& content) {
  const std::array<std::pair<const char*, const std::string*>, 6> fields = {
      {{"x-ms-content-type", &content.type},
       {"x-ms-content-encoding", &content.encoding},
       {"x-ms-content-language", &content.language},
       {"x-ms-content-disposition", &content.disposition},
       {"x-ms-cache-control", &content.cache_control},
       {"x-ms-content-md5", &content.md5}}};
  for (const auto& [name, value] : fields) {
    if (!is_header_text(*value)) {
      throw InvalidArgument(std::string("the value for ") + name + " holds more than printable ASCII characters");
    }
    if (!value->empty()) {
      headers.add(name, *value);
    }
  }
}

void set_xml(HttpRequest& request, std::string document) {
  request.headers.set("Content-Type", "application/xml");
  request.body = std::move(document);
}

void add_rename(Headers& headers, const Url& source, const RenameOptions& options) {
  headers.set("x-ms-file-rename-source", source.to_string());
  headers.set("x-ms-source-allow-trailing-dot", "true");
  if (options.replace) {
    headers.set("x-ms-file-rename-replace-if-exists", "true");
  }
}

void add_smb(Headers& headers, const SmbSettings& settings) {
  if (settings.attributes) {
    headers.set("x-ms-file-attributes", format_smb_attributes(*settings.attributes));
  }
  add_time(headers, "x-ms-file-creation-time", settings.created);
  add_time(headers, "x-ms-file-last-write-time", settings.last_write);
  add_time(headers, "x-ms-file-change-time", settings.changed);
  if (!settings.permission.empty() && !settings.permission_key.empty()) {
    throw InvalidArgument("a file has either a permission or the key of one, not both");
  }
  if (!is_header_text(settings.permission) || !is_header_text(settings.permission_key)) {
    throw InvalidArgument("the permission of a file holds more than printable ASCII characters");
  }
  if (!settings.permission.empty()) {
    headers.set("x-ms-file-permission", settings.permission);
  }
  if (!settings.permission_key.empty()) {
    headers.set("x-ms-file-permission-key", settings.permission_key);
  }
}

void require_page_size(std::optional<int> page_size) {
  constexpr int kMost = 5'000;
  if (page_size && (*page_size < 1 || *page_size > kMost)) {
    throw InvalidArgument("page_size has to be from 1 to " + std::to_string(kMost) + ", not " +
                          std::to_string(*page_size));
  }
}

void add_page_size(Url& url, std::optional<int> page_size) {
  if (page_size) {
    url.add_query("maxresults", std::to_string(*page_size));
  }
}

std::string format_range(const FileRange& range) {
  if (range.length == 0) {
    throw InvalidArgument("a range of a file has at least one byte; the one at offset " + std::to_string(range.offset) +
                          " has a length of 0");
  }
  if (range.end() < range.offset) {
    throw InvalidArgument("a range of " + std::to_string(range.length) + " bytes from offset " +
                          std::to_string(range.offset) + " on ends beyond what a file can have");
  }
  return "bytes=" + std::to_string(range.offset) + "-" + std::to_string(range.end() - 1);
}

}  // namespace batchai::inline v1::files
