#include "server/files/listing.hpp"
#include "server/files/open_node.hpp"
#include "server/files/operations.hpp"
#include "server/files/request_values.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::files::operations {
namespace {

constexpr std::uint64_t kLargestWrite = 4ULL << 20U;
constexpr std::size_t kMd5Size = 16;

struct Span {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

/// Ranges of writes have two ends.
Span read_span(const Headers& headers) {
  const char* name = headers.contains("x-ms-range") ? "x-ms-range" : "Range";
  if (!headers.contains(name)) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-range");
  }
  const auto range = read_range(headers);
  if (!range || !range->last) {
    throw invalid_header(name, headers.get(name));
  }
  return {range->first, *range->last - range->first + 1};
}

void check_body(const Request& request, const Span& span) {
  if (span.length > kLargestWrite) {
    throw StorageError("RequestBodyTooLarge").with_detail("MaxLimit", std::to_string(kLargestWrite));
  }
  if (request.body.size() != span.length) {
    throw invalid_header("Content-Length", std::to_string(request.body.size()));
  }
  if (const std::string* header = request.headers.find("Content-MD5")) {
    const auto expected = signing::base64_decode(*header);
    if (!expected || expected->size() != kMd5Size) {
      throw StorageError("InvalidMd5");
    }
    if (*expected != signing::md5(request.body)) {
      throw StorageError("Md5Mismatch");
    }
  }
}

/// Writing never makes a file longer.
void require_inside(const OpenFile& file, const Span& span) {
  const std::uint64_t size = read_state(file.descriptor.get()).size;
  if (span.first >= size || span.length > size - span.first) {
    throw StorageError("InvalidRange").with_header("Content-Range", "bytes */" + std::to_string(size));
  }
}

void write_bytes(int descriptor, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno != EINTR) {
      throw from_errno(errno);
    }
    const std::size_t done = count > 0 ? static_cast<std::size_t>(count) : 0;
    bytes.remove_prefix(done);
    offset += done;
  }
}

void write_zeros(int descriptor, Span span) {
  const std::string zeros(std::min(span.length, kLargestWrite), '\0');
  while (span.length > 0) {
    const std::uint64_t count = std::min<std::uint64_t>(span.length, zeros.size());
    write_bytes(descriptor, span.first, std::string_view(zeros).substr(0, count));
    span.first += count;
    span.length -= count;
  }
}

void clear_bytes(int descriptor, const Span& span) {
  if (fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(span.first),
                static_cast<off_t>(span.length)) == 0) {
    return;
  }
  if (errno != EOPNOTSUPP) {
    throw from_errno(errno);
  }
  write_zeros(descriptor, span);
}

Response written(const Call& call, const NodeState& state) {
  Response response{.status = 201};
  set_moment(response, state.etag(), state.last_modified());
  response.headers.set("x-ms-request-server-encrypted", "true");
  if (call.since(versions::kSettableWriteTime)) {
    response.headers.set("x-ms-file-last-write-time", format_iso8601_ticks(state.written));
  }
  return response;
}

Response clear_range(const Call& call, const Span& span) {
  if (!call.request.body.empty() || call.request.headers.contains("Content-MD5")) {
    throw invalid_header("x-ms-write", "clear");
  }
  OpenFile file = open_for_writing(call);
  FileChange change(file.descriptor.get());
  require_inside(file, span);
  clear_bytes(file.descriptor.get(), span);
  return written(call, change.finish());
}

Response update_range(const Call& call, const Span& span) {
  if (call.request.headers.contains("x-ms-copy-source")) {
    throw StorageError("UnsupportedHeader").with_detail("HeaderName", "x-ms-copy-source");
  }
  check_body(call.request, span);
  OpenFile file = open_for_writing(call);
  FileChange change(file.descriptor.get());
  require_inside(file, span);
  write_bytes(file.descriptor.get(), span.first, call.request.body);
  Response response = written(call, change.finish());
  response.headers.set("Content-MD5", signing::base64_encode(signing::md5(call.request.body)));
  return response;
}

/// Next byte at or behind `from` that belongs to data (or to a hole); the size when there is none.
std::uint64_t seek(int descriptor, std::uint64_t from, int what, std::uint64_t size) {
  const off_t found = lseek(descriptor, static_cast<off_t>(from), what);
  return found < 0 ? size : std::min(static_cast<std::uint64_t>(found), size);
}

}  // namespace

// Answered when the bytes are in the file, where jobs and readers see them; they reach the disk when the system writes
// them back.
Response put_range(const Call& call) {
  const Span span = read_span(call.request.headers);
  const std::string write = call.header("x-ms-write");
  if (iequals(write, "update")) {
    return update_range(call, span);
  }
  if (iequals(write, "clear")) {
    return clear_range(call, span);
  }
  throw write.empty() ? StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-write")
                      : invalid_header("x-ms-write", write);
}

Response list_ranges(const Call& call) {
  const OpenFile file = open_for_reading(call);
  const ByteRange wanted = read_range(call.request.headers).value_or(ByteRange{});
  const std::uint64_t size = file.state.size;
  const std::uint64_t end = wanted.last ? std::min(*wanted.last + 1, size) : size;
  pugi::xml_document document;
  auto root = document.append_child("Ranges");
  for (std::uint64_t at = wanted.first; at < end;) {
    const std::uint64_t first = seek(file.descriptor.get(), at, SEEK_DATA, size);
    const std::uint64_t hole = seek(file.descriptor.get(), first, SEEK_HOLE, size);
    if (first >= end) {
      break;
    }
    auto range = root.append_child("Range");
    append_text(range, "Start", std::to_string(first));
    append_text(range, "End", std::to_string(std::min(hole, end) - 1));
    at = hole;
  }
  Response response = xml_answer(200, document);
  set_moment(response, file.state.etag(), file.state.last_modified());
  response.headers.set("x-ms-content-length", std::to_string(size));
  return response;
}

}  // namespace batchai::server::files::operations
