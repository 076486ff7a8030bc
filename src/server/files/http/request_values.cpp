#include "server/files/http/request_values.hpp"

#include "core/parse_number.hpp"
#include "naming/file_names.hpp"
#include "server/files/disk/tree.hpp"
#include "server/files/http/carried_text.hpp"
#include "server/files/http/storage_error.hpp"
#include "signing/encoding.hpp"

#include <algorithm>
#include <array>

namespace batchai::server::files {
namespace {

constexpr std::string_view kMetadataPrefix = "x-ms-meta-";
constexpr std::size_t kLargestMetadata = 8192;
constexpr std::size_t kLargestPage = 5000;

bool is_identifier(const std::string& name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::string trim_quotes(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '"')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '"')) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

/// Whether a condition header names the ETag, or anything.
bool names_etag(std::string_view list, const std::string& etag) {
  const std::string wanted = trim_quotes(etag);
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    const std::string candidate = trim_quotes(item);
    if (candidate == "*" || candidate == wanted) {
      return true;
    }
  }
  return false;
}

}  // namespace

Metadata read_metadata(const Headers& headers) {
  Metadata metadata;
  std::size_t size = 0;
  for (const auto& [name, value] : headers) {
    if (name.size() < kMetadataPrefix.size() ||
        !iequals(std::string_view(name).substr(0, kMetadataPrefix.size()), kMetadataPrefix)) {
      continue;
    }
    const std::string key = name.substr(kMetadataPrefix.size());
    if (key.empty()) {
      throw StorageError("EmptyMetadataKey");
    }
    if (!is_identifier(key) || !is_header_text(value)) {
      throw StorageError("InvalidMetadata").with_detail("HeaderName", name);
    }
    size += key.size() + value.size();
    metadata[key] = value;
  }
  if (size > kLargestMetadata) {
    throw StorageError("MetadataTooLarge");
  }
  return metadata;
}

void read_content_headers(const Headers& headers, Attributes& attributes) {
  attributes.content_type = content_header(headers, "x-ms-content-type");
  attributes.content_encoding = content_header(headers, "x-ms-content-encoding");
  attributes.content_language = content_header(headers, "x-ms-content-language");
  attributes.content_disposition = content_header(headers, "x-ms-content-disposition");
  attributes.cache_control = content_header(headers, "x-ms-cache-control");
  attributes.content_md5 = content_header(headers, "x-ms-content-md5");
  // Of any length: it is stored for readers of the file, and not compared with anything here.
  if (!signing::base64_decode(attributes.content_md5)) {
    throw StorageError("InvalidMd5");
  }
}

std::string content_header(const Headers& headers, const char* name) {
  std::string value = headers.get(name);
  if (!is_header_text(value)) {
    throw invalid_header(name, value);
  }
  return value;
}

void require_path(const std::vector<std::string>& path) {
  constexpr std::size_t kLongest = 2048;
  std::size_t length = 0;
  for (const std::string& part : path) {
    length += part.size() + 1;
  }
  if (const auto problem = naming::path_problem(path)) {
    const bool too_long = path.size() > static_cast<std::size_t>(kDeepestPath) || length > kLongest + 1;
    throw StorageError(too_long ? "InvalidFileOrDirectoryPathName" : "InvalidResourceName")
        .with_detail("Reason", *problem);
  }
}

std::uint64_t require_number(const Headers& headers, const char* name) {
  const std::string* text = headers.find(name);
  if (text == nullptr) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", name);
  }
  const auto value = parse_number<std::uint64_t>(*text);
  if (!value) {
    throw invalid_header(name, *text);
  }
  return *value;
}

std::optional<ByteRange> read_range(const Headers& headers) {
  const std::string* header = headers.find("x-ms-range");
  header = header != nullptr ? header : headers.find("Range");
  return header != nullptr ? parse_range(*header) : std::nullopt;
}

std::optional<ByteRange> parse_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes=";
  if (!text.starts_with(kUnit)) {
    return std::nullopt;
  }
  text.remove_prefix(kUnit.size());
  const auto dash = text.find('-');
  const auto first = parse_number<std::uint64_t>(text.substr(0, dash));
  if (dash == std::string_view::npos || !first) {
    return std::nullopt;
  }
  if (dash + 1 == text.size()) {
    return ByteRange{*first, std::nullopt};
  }
  const auto last = parse_number<std::uint64_t>(text.substr(dash + 1));
  return last && *last >= *first ? std::optional(ByteRange{*first, last}) : std::nullopt;
}

std::size_t read_max_results(const Call& call) {
  const std::string text = call.query("maxresults");
  if (text.empty()) {
    return kLargestPage;
  }
  const auto value = parse_number<std::uint64_t>(text);
  if (!value) {
    throw invalid_query("maxresults", text, "It has to be a number.");
  }
  if (*value < 1) {
    throw StorageError("OutOfRangeQueryParameterValue")
        .with_detail("QueryParameterName", "maxresults")
        .with_detail("QueryParameterValue", text)
        .with_detail("MinimumAllowed", "1")
        .with_detail("MaximumAllowed", std::to_string(kLargestPage));
  }
  return std::min<std::uint64_t>(*value, kLargestPage);
}

std::string read_marker(const Call& call) {
  const std::string text = call.query("marker");
  const auto start = signing::base64url_decode(text);
  if (!start) {
    throw invalid_query("marker", text, "It has to be a NextMarker of this service.");
  }
  return *start;
}

std::string write_marker(const std::string& start) { return signing::base64url_encode(start); }

bool is_wanted(const Headers& headers, const NodeState& state) {
  const std::string* if_match = headers.find("If-Match");
  const auto unmodified_since = parse_http_date(headers.get("If-Unmodified-Since"));
  const auto modified = std::chrono::floor<std::chrono::seconds>(state.modified);
  if (if_match != nullptr ? !names_etag(*if_match, state.etag()) : unmodified_since && modified > *unmodified_since) {
    throw StorageError("ConditionNotMet");
  }
  const std::string* if_none_match = headers.find("If-None-Match");
  const auto modified_since = parse_http_date(headers.get("If-Modified-Since"));
  return if_none_match != nullptr ? !names_etag(*if_none_match, state.etag())
                                  : !modified_since || modified > *modified_since;
}

void require_conditions(const Headers& headers, const NodeState* state) {
  const bool met = state != nullptr ? is_wanted(headers, *state) : !headers.contains("If-Match");
  if (!met) {
    throw StorageError("ConditionNotMet");
  }
}

}  // namespace batchai::server::files
