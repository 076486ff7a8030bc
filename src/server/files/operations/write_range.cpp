#include "server/files/operations/write_range.hpp"

#include "server/files/disk/written_extents.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/open_node.hpp"

#include <limits>

namespace batchai::server::files {
namespace {

constexpr std::uint64_t kLargestWrite = 4ULL << 20U;

void require_inside(const OpenFile& file, const WriteSpan& span) {
  const std::uint64_t size = file.state.size;
  if (span.first >= size || span.length > size - span.first) {
    throw StorageError("InvalidRange").with_header("Content-Range", "bytes */" + std::to_string(size));
  }
}

/// Whether the file is to keep its write time. Throws InvalidHeaderValue.
bool keeps_write_time(const Call& call) {
  const std::string text = call.header("x-ms-file-last-write-time");
  if (text.empty() || iequals(text, "now")) {
    return false;
  }
  if (!iequals(text, "preserve")) {
    throw invalid_header("x-ms-file-last-write-time", text);
  }
  return true;
}

/// While the content changes: what a service writes before it is killed must not look like a job's writing.
void suspend_hash(const Call& call, OpenFile& file) {
  if (!file.attributes.content_md5.empty()) {
    file.attributes.md5_valid_for.reset();
    call.backend.attributes.save(file.descriptor.get(), file.attributes);
  }
}

/// Lets `write` change the bytes, and notes what the disk does not record. True: there are new attributes to be stored.
bool write_noting_voids(const Call& call, OpenFile& file, const WriteSpan& span, RangeWrite kind,
                        const std::function<void(int file)>& write) {
  const int descriptor = file.descriptor.get();
  const Extent extent{span.first, span.first + span.length};
  const std::uint64_t size = file.state.size;
  Voids voids = file.attributes.voids;
  if (kind == RangeWrite::Update) {
    note_write(voids, descriptor, size, extent);
  } else {
    voids.clear({extent.first, extent.end == size ? round_up(size, kSector) : extent.end}, call.now());
  }
  write(descriptor);
  const bool changed = voids != file.attributes.voids;
  file.attributes.voids = std::move(voids);
  return changed;
}

}  // namespace

WriteSpan read_write_span(const Headers& headers) {
  const char* name = headers.contains("x-ms-range") ? "x-ms-range" : "Range";
  if (!headers.contains(name)) {
    throw StorageError("MissingRequiredHeader").with_detail("HeaderName", "x-ms-range");
  }
  const auto range = read_range(headers);
  constexpr auto kLargestOffset = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!range || !range->last || *range->last >= kLargestOffset) {
    throw invalid_header(name, headers.get(name));
  }
  return {range->first, *range->last - range->first + 1};
}

void require_writable_length(const WriteSpan& span) {
  if (span.length > kLargestWrite) {
    throw StorageError("RequestBodyTooLarge").with_detail("MaxLimit", std::to_string(kLargestWrite));
  }
}

Response write_range(const Call& call, const WriteSpan& span, RangeWrite kind,
                     const std::function<void(int file)>& write) {
  const bool keeps = keeps_write_time(call);
  OpenFile file = open_for_writing(call);
  FileChange change = begin_change(call, file);
  require_inside(file, span);
  suspend_hash(call, file);
  const bool noted = write_noting_voids(call, file, span, kind, write);
  if (keeps) {
    keep_write_time(file.attributes, file.state, change.moment());
  }
  // Nothing else in the attributes depends on what is written.
  if (keeps || noted || !file.attributes.content_md5.empty()) {
    save_change(call, file, change);
  } else {
    change.apply_write_time();
    file.state = seen_state(NodeKind::File, change.finish(), file.attributes);
  }
  Response response{.status = 201};
  set_moment(response, file.state.etag(), file.state.last_modified());
  response.headers.set("x-ms-request-server-encrypted", "true");
  if (call.since(versions::kSettableWriteTime)) {
    response.headers.set("x-ms-file-last-write-time", format_iso8601_ticks(file.state.written));
  }
  return response;
}

}  // namespace batchai::server::files
