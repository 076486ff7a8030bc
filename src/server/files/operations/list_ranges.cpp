#include "server/files/disk/written_extents.hpp"
#include "server/files/http/listing.hpp"
#include "server/files/http/request_values.hpp"
#include "server/files/operations/open_node.hpp"
#include "server/files/operations/operations.hpp"

#include <algorithm>

#include <fcntl.h>

namespace batchai::server::files::operations {
namespace {

/// The wanted part of a file.
Extent read_window(const Call& call, std::uint64_t size) {
  const ByteRange wanted = read_range(call.request.headers).value_or(ByteRange{});
  if (wanted.first > 0 && wanted.first >= size) {
    throw StorageError("InvalidRange").with_header("Content-Range", "bytes */" + std::to_string(size));
  }
  return {wanted.first, wanted.last && *wanted.last < size ? *wanted.last + 1 : size};
}

void append_range(pugi::xml_node ranges, const char* name, const Extent& extent) {
  auto range = ranges.append_child(name);
  append_text(range, "Start", std::to_string(extent.first));
  append_text(range, "End", std::to_string(extent.end - 1));
}

void append_written(pugi::xml_node ranges, const std::vector<Extent>& written, const Extent& window) {
  for (const Extent& extent : written) {
    const Extent part{std::max(extent.first, window.first), std::min(extent.end, window.end)};
    if (part.first < part.end) {
      append_range(ranges, "Range", part);
    }
  }
}

/// An earlier state of the file.
struct Previous {
  std::optional<OpenFile> file;
  Timestamp time;
};

void append_differences(pugi::xml_node ranges, const OpenFile& file, const Previous& previous, const Extent& window) {
  std::vector<Extent> cleared;
  for (const Void& part : file.attributes.voids.all()) {
    if (part.cleared && *part.cleared >= previous.time) {
      cleared.push_back(part.extent);
    }
  }
  const auto content = [](const OpenFile& state) {
    const int descriptor = state.descriptor.get();
    return FileContent{descriptor, written_extents(descriptor, state.state.size, state.attributes.voids)};
  };
  for (const auto& [extent, difference] : differences(content(file), content(*previous.file), cleared, window)) {
    append_range(ranges, difference == Difference::Written ? "Range" : "ClearRange", extent);
  }
}

/// The file as it was in the snapshot that `prevsharesnapshot` names; nothing when it was not there yet.
Previous open_previous(const Call& call) {
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
    TreeEntry entry = locate(share.get(), call.address.path);
    const bool is_file = entry.kind == NodeKind::File;
    return {is_file ? std::optional(open_at(call.backend, std::move(entry), O_RDONLY)) : std::nullopt, *time};
  } catch (const StorageError& error) {
    if (error.code() == "ParentNotFound") {
      return {{}, *time};
    }
    throw error.code() == "ShareNotFound" ? StorageError("PreviousSnapshotNotFound") : error;
  }
}

}  // namespace

Response list_ranges(const Call& call) {
  const OpenFile file = open_for_reading(call);
  const std::uint64_t size = file.state.size;
  const Extent window = read_window(call, size);
  pugi::xml_document document;
  auto ranges = document.append_child("Ranges");
  const Previous previous = call.query("prevsharesnapshot").empty() ? Previous{} : open_previous(call);
  if (previous.file) {
    append_differences(ranges, file, previous, window);
  } else {
    append_written(ranges, written_extents(file.descriptor.get(), size, file.attributes.voids), window);
  }
  Response response = xml_answer(200, document);
  set_moment(response, file.state.etag(), file.state.last_modified());
  response.headers.set("x-ms-content-length", std::to_string(size));
  return response;
}

}  // namespace batchai::server::files::operations
