#include "server/files/disk/copy_data.hpp"
#include "server/files/disk/crc64.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/copy_source.hpp"
#include "server/files/operations/operations.hpp"
#include "server/files/operations/write_range.hpp"
#include "signing/encoding.hpp"

namespace batchai::server::files::operations {
namespace {

/// The digest as headers carry it. Throws InvalidHeaderValue for a header that is none.
std::string read_crc(const Call& call, const char* name) {
  constexpr std::size_t kSize = 8;
  const std::string text = call.header(name);
  const auto bytes = signing::base64_decode(text);
  if (!text.empty() && (!bytes || bytes->size() != kSize)) {
    throw invalid_header(name, text);
  }
  return bytes.value_or("");
}

void check_crc(const Call& call, const std::string& crc) {
  const std::string announced = read_crc(call, "x-ms-source-content-crc64");
  if (!announced.empty() && announced != crc) {
    throw StorageError("Crc64Mismatch");
  }
  const std::string same = read_crc(call, "x-ms-source-if-match-crc64");
  const std::string other = read_crc(call, "x-ms-source-if-none-match-crc64");
  if ((!same.empty() && same != crc) || (!other.empty() && other == crc)) {
    throw StorageError("ConditionNotMet");
  }
}

std::string read_source(const Call& call, const WriteSpan& span) {
  const auto range = parse_range(call.header("x-ms-source-range"));
  if (!range || !range->last || *range->last - range->first + 1 != span.length) {
    throw invalid_header("x-ms-source-range", call.header("x-ms-source-range"));
  }
  const CopySource source = open_copy_source(call);
  std::string bytes(span.length, '\0');
  if (read_at(source.file.descriptor.get(), range->first, bytes.data(), bytes.size()) != bytes.size()) {
    throw unreadable_source(StorageError("InvalidRange"));
  }
  return bytes;
}

}  // namespace

Response put_range_from_url(const Call& call) {
  if (!call.request.body.empty()) {
    throw invalid_header("Content-Length", std::to_string(call.request.body.size()));
  }
  const WriteSpan span = read_write_span(call.request.headers);
  const std::string bytes = read_source(call, span);
  const std::string crc = crc64(bytes);
  check_crc(call, crc);
  Response response = write_range(call, span, RangeWrite::Update, [&](int file) { write_at(file, span.first, bytes); });
  response.headers.set("x-ms-content-crc64", signing::base64_encode(crc));
  return response;
}

}  // namespace batchai::server::files::operations
