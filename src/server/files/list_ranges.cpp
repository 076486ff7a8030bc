#include "server/files/copy_data.hpp"
#include "server/files/listing.hpp"
#include "server/files/open_node.hpp"
#include "server/files/operations.hpp"
#include "server/files/request_values.hpp"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

namespace batchai::server::files::operations {
namespace {

/// What is compared with an earlier snapshot at a time; differences are told in whole pages.
constexpr std::uint64_t kPage = 4096;

/// The wanted part of a file: `end` is one behind the last byte.
struct Window {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
};

Window read_window(const Call& call, std::uint64_t size) {
  const ByteRange wanted = read_range(call.request.headers).value_or(ByteRange{});
  if (wanted.first > 0 && wanted.first >= size) {
    throw StorageError("InvalidRange").with_header("Content-Range", "bytes */" + std::to_string(size));
  }
  return {wanted.first, wanted.last && *wanted.last < size ? *wanted.last + 1 : size};
}

void append_range(pugi::xml_node ranges, const char* name, std::uint64_t first, std::uint64_t end) {
  auto range = ranges.append_child(name);
  append_text(range, "Start", std::to_string(first));
  append_text(range, "End", std::to_string(end - 1));
}

void append_data(pugi::xml_node ranges, int file, const Window& window, std::uint64_t size) {
  for (std::uint64_t at = window.first; at < window.end;) {
    const std::uint64_t first = seek_extent(file, at, SEEK_DATA, size);
    at = seek_extent(file, first, SEEK_HOLE, size);
    if (first < window.end) {
      append_range(ranges, "Range", first, std::min(at, window.end));
    }
  }
}

/// Gathers pages of one kind into ranges.
class RangeWriter {
 public:
  explicit RangeWriter(pugi::xml_node ranges) : ranges_(ranges) {}

  /// `name` is null for a page that is not told.
  void add(const char* name, std::uint64_t first, std::uint64_t end) {
    if (name != name_) {
      flush();
      name_ = name;
      first_ = first;
    }
    end_ = end;
  }
  void flush() {
    if (name_ != nullptr) {
      append_range(ranges_, name_, first_, end_);
    }
    name_ = nullptr;
  }

 private:
  pugi::xml_node ranges_;
  const char* name_ = nullptr;
  std::uint64_t first_ = 0;
  std::uint64_t end_ = 0;
};

constexpr const char* kWritten = "Range";
constexpr const char* kCleared = "ClearRange";

/// What is in `file` and not in `previous`, page by page; where nothing but zeros is left, it counts as cleared.
void append_difference(pugi::xml_node ranges, int file, int previous, const Window& window) {
  std::string now(kPage, '\0');
  std::string before(kPage, '\0');
  RangeWriter writer(ranges);
  for (std::uint64_t at = window.first; at < window.end;) {
    const std::uint64_t size = std::min(kPage - at % kPage, window.end - at);
    std::fill(now.begin(), now.end(), '\0');
    std::fill(before.begin(), before.end(), '\0');
    read_at(file, at, now.data(), size);
    read_at(previous, at, before.data(), size);
    const bool zeros = now.find_first_not_of('\0') == std::string::npos;
    writer.add(now == before ? nullptr : zeros ? kCleared : kWritten, at, at + size);
    at += size;
  }
  writer.flush();
}

/// The file as it was in the snapshot that `prevsharesnapshot` names; not open when it was not there yet.
Descriptor open_previous(const Call& call) {
  const auto time = parse_iso8601(call.query("prevsharesnapshot"));
  if (!time) {
    throw invalid_query("prevsharesnapshot", call.query("prevsharesnapshot"), "It has to be the time of a snapshot.");
  }
  Call previous{.request = call.request,
                .backend = call.backend,
                .address = call.address,
                .version = call.version,
                .principal = call.principal,
                .snapshot = format_iso8601_ticks(*time)};
  try {
    const Descriptor share = previous.open_share();
    const Place place = locate(share.get(), call.address.path);
    return place.kind == NodeKind::File ? open_file(place, O_RDONLY) : Descriptor();
  } catch (const StorageError& error) {
    if (error.code() == "ParentNotFound") {
      return {};
    }
    throw error.code() == "ShareNotFound" ? StorageError("PreviousSnapshotNotFound") : error;
  }
}

}  // namespace

Response list_ranges(const Call& call) {
  const OpenFile file = open_for_reading(call);
  const std::uint64_t size = file.state.size;
  const Window window = read_window(call, size);
  pugi::xml_document document;
  auto ranges = document.append_child("Ranges");
  const Descriptor previous = call.query("prevsharesnapshot").empty() ? Descriptor() : open_previous(call);
  if (previous.is_open()) {
    append_difference(ranges, file.descriptor.get(), previous.get(), window);
  } else {
    append_data(ranges, file.descriptor.get(), window, size);
  }
  Response response = xml_answer(200, document);
  set_moment(response, file.state.etag(), file.state.last_modified());
  response.headers.set("x-ms-content-length", std::to_string(size));
  return response;
}

}  // namespace batchai::server::files::operations
