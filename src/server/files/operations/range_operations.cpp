#include "server/files/disk/copy_data.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/open_node.hpp"
#include "server/files/operations/operations.hpp"
#include "server/files/operations/write_range.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::files::operations {
namespace {

constexpr std::uint64_t kLargestZeros = 4ULL << 20U;
constexpr std::size_t kMd5Size = 16;

void require_length(const Request& request, const WriteSpan& span) {
  if (request.body.size() != span.length) {
    throw invalid_header("Content-Length", std::to_string(request.body.size()));
  }
}

/// Compares the body with the MD5 that the request gives, if it does.
void require_md5(const std::string* given, const std::string& md5) {
  if (given == nullptr) {
    return;
  }
  const auto expected = signing::base64_decode(*given);
  if (!expected || expected->size() != kMd5Size) {
    throw StorageError("InvalidMd5");
  }
  if (*expected != md5) {
    throw StorageError("Md5Mismatch");
  }
}

/// The MD5 for the answer; empty where it has none: computing it costs more than all the rest of a large write, and who
/// wants it sends it. Throws as require_md5().
std::string checked_md5(const Call& call) {
  const std::string* given = call.request.headers.find("Content-MD5");
  if (given == nullptr && call.since(versions::kMd5OnRequest)) {
    return {};
  }
  std::string md5 = signing::md5(call.request.body);
  require_md5(given, md5);
  return md5;
}

void write_zeros(int descriptor, WriteSpan span) {
  const std::string zeros(std::min(span.length, kLargestZeros), '\0');
  while (span.length > 0) {
    const std::uint64_t count = std::min<std::uint64_t>(span.length, zeros.size());
    write_at(descriptor, span.first, std::string_view(zeros).substr(0, count));
    span.first += count;
    span.length -= count;
  }
}

void clear_bytes(int descriptor, const WriteSpan& span) {
  if (fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(span.first),
                static_cast<off_t>(span.length)) == 0) {
    return;
  }
  if (errno != EOPNOTSUPP) {
    throw from_errno(errno);
  }
  write_zeros(descriptor, span);
}

Response clear_range(const Call& call, const WriteSpan& span) {
  if (!call.request.body.empty() || call.request.headers.contains("Content-MD5")) {
    throw invalid_header("x-ms-write", "clear");
  }
  return write_range(call, span, RangeWrite::Clear, [&](int file) { clear_bytes(file, span); });
}

Response update_range(const Call& call, const WriteSpan& span) {
  require_length(call.request, span);
  const std::string md5 = checked_md5(call);
  Response response =
      write_range(call, span, RangeWrite::Update, [&](int file) { write_at(file, span.first, call.request.body); });
  if (!md5.empty()) {
    response.headers.set("Content-MD5", signing::base64_encode(md5));
  }
  return response;
}

}  // namespace

Response put_range(const Call& call) {
  const std::string write = call.header("x-ms-write");
  if (iequals(write, "clear")) {
    return clear_range(call, read_write_span(call.request.headers));
  }
  if (!iequals(write, "update")) {
    throw write.empty() ? StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-write")
                        : invalid_header("x-ms-write", write);
  }
  const WriteSpan span = read_write_span(call.request.headers);
  require_writable_length(span);
  return call.request.headers.contains("x-ms-copy-source") ? put_range_from_url(call) : update_range(call, span);
}

}  // namespace batchai::server::files::operations
