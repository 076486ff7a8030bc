#include "server/files/disk/copy_data.hpp"
#include "server/files/http/carried_text.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/open_node.hpp"
#include "server/files/operations/operations.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <unistd.h>

namespace batchai::server::files::operations {
namespace {

constexpr const char* kDefaultContentType = "application/octet-stream";
constexpr std::uint64_t kLargestHashedRange = 4ULL << 20U;

void set_unless_empty(Response& response, const char* name, const std::string& value) {
  if (!value.empty()) {
    response.headers.set(name, value);
  }
}

/// A SAS may ask for other headers than the stored ones. It is signed, but not checked for what HTTP can carry.
std::string overridden(const std::string& stored, const std::string& asked) {
  if (asked.empty()) {
    return stored;
  }
  if (!is_header_text(asked)) {
    throw invalid_query("rscd", "", "Overridden headers hold printable ASCII characters only.");
  }
  return asked;
}

void set_content_headers(Response& response, const Attributes& stored, const Principal& principal) {
  const signing::SasToken asked = principal.token().value_or(signing::SasToken());
  set_unless_empty(response, "Content-Type",
                   overridden(stored.content_type.value_or(kDefaultContentType), asked.content_type));
  set_unless_empty(response, "Content-Encoding", overridden(stored.content_encoding, asked.content_encoding));
  set_unless_empty(response, "Content-Language", overridden(stored.content_language, asked.content_language));
  set_unless_empty(response, "Content-Disposition", overridden(stored.content_disposition, asked.content_disposition));
  set_unless_empty(response, "Cache-Control", overridden(stored.cache_control, asked.cache_control));
}

void set_copy_headers(Response& response, const OpenFile& file) {
  if (file.attributes.copy_id.empty()) {
    return;
  }
  response.headers.set("x-ms-copy-id", file.attributes.copy_id);
  response.headers.set("x-ms-copy-source", file.attributes.copy_source);
  response.headers.set("x-ms-copy-status", "success");
  set_unless_empty(response, "x-ms-copy-progress", file.attributes.copy_progress);
  if (file.attributes.copied) {
    response.headers.set("x-ms-copy-completion-time", format_http_date(*file.attributes.copied));
  }
}

/// What GET and HEAD have in common.
Response describe(const Call& call, const OpenFile& file) {
  Response response;
  set_moment(response, file.state.etag(), file.state.last_modified());
  response.headers.set("Accept-Ranges", "bytes");
  response.headers.set("x-ms-type", "File");
  response.headers.set("x-ms-server-encrypted", "true");
  set_content_headers(response, file.attributes, call.principal);
  set_metadata(response, file.attributes.metadata);
  set_copy_headers(response, file);
  set_smb_headers(response, call, NodeKind::File, file.state, file.attributes, parent_id(file.entry));
  if (call.since(versions::kFileLeases)) {
    set_lease_headers(response, file.attributes.lease, call.now());
  }
  return response;
}

Response not_modified(const OpenFile& file) {
  Response response{.status = 304};
  set_moment(response, file.state.etag(), file.state.last_modified());
  return response;
}

std::string hash_of(int descriptor, std::uint64_t offset, std::uint64_t length) {
  std::string bytes(length, '\0');
  if (read_at(descriptor, offset, bytes.data(), bytes.size()) != bytes.size()) {
    throw from_errno(EIO);
  }
  return signing::base64_encode(signing::md5(bytes));
}

void set_range_hash(Response& response, const Call& call, const OpenFile& file, std::uint64_t offset,
                    std::uint64_t length) {
  if (!call.asks_for("x-ms-range-get-content-md5")) {
    return;
  }
  if (length > kLargestHashedRange) {
    throw invalid_header("x-ms-range-get-content-md5", "true");
  }
  response.headers.set("Content-MD5", hash_of(file.descriptor.get(), offset, length));
}

/// Turns a description into the answer to a range of the file.
void cut_range(Response& response, const Call& call, OpenFile& file, const ByteRange& range) {
  const std::uint64_t size = file.state.size;
  if (range.first >= size) {
    throw StorageError("InvalidRange").with_header("Content-Range", "bytes */" + std::to_string(size));
  }
  const std::uint64_t last = std::min(range.last.value_or(size - 1), size - 1);
  const std::uint64_t length = last - range.first + 1;
  set_range_hash(response, call, file, range.first, length);
  set_unless_empty(response, "x-ms-content-md5", file.attributes.content_md5);
  response.status = 206;
  response.headers.set("Content-Range", "bytes " + std::to_string(range.first) + "-" + std::to_string(last) + "/" +
                                            std::to_string(size));
  response.file = std::make_shared<const FileBody>(file.descriptor.release(), range.first, length);
}

}  // namespace

Response get_file(const Call& call) {
  // The size is that of this moment: a job may append while the answer is on its way.
  OpenFile file = open_for_reading(call);
  if (!is_wanted(call.request.headers, file.state)) {
    return not_modified(file);
  }
  Response response = describe(call, file);
  if (const auto range = read_range(call.request.headers)) {
    cut_range(response, call, file, *range);
    return response;
  }
  if (call.asks_for("x-ms-range-get-content-md5")) {
    throw invalid_header("x-ms-range-get-content-md5", call.header("x-ms-range-get-content-md5"));
  }
  set_unless_empty(response, "Content-MD5", file.attributes.content_md5);
  response.file = std::make_shared<const FileBody>(file.descriptor.release(), 0, file.state.size);
  return response;
}

Response head_file(const Call& call) {
  const OpenFile file = open_for_reading(call);
  if (!is_wanted(call.request.headers, file.state)) {
    return not_modified(file);
  }
  Response response = describe(call, file);
  set_unless_empty(response, "Content-MD5", file.attributes.content_md5);
  response.head_content_length = file.state.size;
  return response;
}

Response get_file_metadata(const Call& call) {
  const OpenFile file = open_for_reading(call);
  Response response;
  set_moment(response, file.state.etag(), file.state.last_modified());
  response.headers.set("x-ms-server-encrypted", "true");
  set_metadata(response, file.attributes.metadata);
  return response;
}

}  // namespace batchai::server::files::operations
