#include "core/parse_number.hpp"
#include "files/answers.hpp"
#include "files/smb_attributes.hpp"

#include <optional>

namespace batchai::inline v1::files {
namespace {

constexpr std::string_view kMetadataPrefix = "x-ms-meta-";

std::uint64_t require_number(const Headers& headers, const char* name) {
  const auto value = parse_number<std::uint64_t>(headers.get(name));
  if (!value) {
    throw ProtocolError(std::string("the storage service's answer has no usable ") + name + " header");
  }
  return *value;
}

Metadata read_metadata(const Headers& headers) {
  Metadata metadata;
  for (const auto& [name, value] : headers) {
    if (name.size() > kMetadataPrefix.size() && iequals(name.substr(0, kMetadataPrefix.size()), kMetadataPrefix)) {
      metadata[name.substr(kMetadataPrefix.size())] = value;
    }
  }
  return metadata;
}

SmbAttributes smb_attributes_of(const Headers& headers) {
  return parse_smb_attributes(headers.get("x-ms-file-attributes")).value_or(SmbAttributes::None);
}

/// The size behind the slash of `bytes 0-9/10`, else the length of a whole file.
std::uint64_t read_file_size(const HttpResponse& response) {
  const std::string range = response.headers.get("Content-Range");
  const auto slash = range.find('/');
  if (slash == std::string::npos) {
    return response.body.size() + response.sunk;
  }
  const auto size = parse_number<std::uint64_t>(std::string_view(range).substr(slash + 1));
  if (!size) {
    throw ProtocolError("the storage service's answer has a broken Content-Range header");
  }
  return *size;
}

FileProperties read_file(const Headers& headers, std::uint64_t size, std::string md5) {
  return {.size = size,
          .etag = headers.get("ETag"),
          .last_modified = parse_http_date(headers.get("Last-Modified")),
          .content_type = headers.get("Content-Type"),
          .content_encoding = headers.get("Content-Encoding"),
          .content_language = headers.get("Content-Language"),
          .content_disposition = headers.get("Content-Disposition"),
          .cache_control = headers.get("Cache-Control"),
          .content_md5 = std::move(md5),
          .copy_status = headers.get("x-ms-copy-status"),
          .copy_id = headers.get("x-ms-copy-id"),
          .metadata = read_metadata(headers),
          .created = parse_iso8601(headers.get("x-ms-file-creation-time")),
          .last_write = parse_iso8601(headers.get("x-ms-file-last-write-time")),
          .changed = parse_iso8601(headers.get("x-ms-file-change-time")),
          .attributes = smb_attributes_of(headers),
          .permission_key = headers.get("x-ms-file-permission-key"),
          .file_id = headers.get("x-ms-file-id"),
          .parent_id = headers.get("x-ms-file-parent-id")};
}

}  // namespace

WriteResult read_write(const HttpResponse& response) {
  return {.etag = response.headers.get("ETag"),
          .last_modified = parse_http_date(response.headers.get("Last-Modified")),
          .request_id = response.headers.get("x-ms-request-id")};
}

ShareProperties read_share_properties(const HttpResponse& response) {
  const Headers& headers = response.headers;
  return {.quota = static_cast<std::int64_t>(require_number(headers, "x-ms-share-quota")),
          .etag = headers.get("ETag"),
          .last_modified = parse_http_date(headers.get("Last-Modified")),
          .metadata = read_metadata(headers)};
}

DirectoryProperties read_directory_properties(const HttpResponse& response) {
  const Headers& headers = response.headers;
  return {.etag = headers.get("ETag"),
          .last_modified = parse_http_date(headers.get("Last-Modified")),
          .metadata = read_metadata(headers),
          .created = parse_iso8601(headers.get("x-ms-file-creation-time")),
          .last_write = parse_iso8601(headers.get("x-ms-file-last-write-time")),
          .changed = parse_iso8601(headers.get("x-ms-file-change-time")),
          .attributes = smb_attributes_of(headers),
          .permission_key = headers.get("x-ms-file-permission-key"),
          .file_id = headers.get("x-ms-file-id"),
          .parent_id = headers.get("x-ms-file-parent-id")};
}

CreatedFile read_created_file(const HttpResponse& response) {
  const Headers& headers = response.headers;
  return {read_write(response), parse_iso8601(headers.get("x-ms-file-last-write-time")),
          parse_iso8601(headers.get("x-ms-file-change-time")), headers.get("x-ms-file-id")};
}

FileProperties read_file_properties(const HttpResponse& response) {
  return read_file(response.headers, require_number(response.headers, "Content-Length"),
                   response.headers.get("Content-MD5"));
}

FilePiece read_piece(HttpResponse response) {
  const std::uint64_t size = read_file_size(response);
  // In a partial answer Content-MD5 is that of the part.
  const char* md5 = response.headers.contains("Content-Range") ? "x-ms-content-md5" : "Content-MD5";
  FileProperties file = read_file(response.headers, size, response.headers.get(md5));
  return {.bytes = std::move(response.body), .file = std::move(file)};
}

ClosedHandles read_closed_handles(const HttpResponse& response) {
  return {.closed = read_number_header(response, "x-ms-number-of-handles-closed").value_or(0),
          .failed = read_number_header(response, "x-ms-number-of-handles-failed").value_or(0)};
}

std::optional<std::uint64_t> read_number_header(const HttpResponse& response, const char* name) {
  return parse_number<std::uint64_t>(response.headers.get(name));
}

}  // namespace batchai::inline v1::files
