#include "server/files/disk/written_extents.hpp"

#include "server/files/disk/copy_data.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include <unistd.h>

namespace batchai::server::files {
namespace {

/// Voids are parts of pages. What has become larger on the disk has been written by a job.
constexpr std::uint64_t kLargestVoid = 1U << 16U;
constexpr std::uint64_t kReadAtOnce = 1U << 18U;

std::string read_block(int file, const Extent& extent) {
  std::string bytes(extent.end - extent.first, '\0');
  read_at(file, extent.first, bytes.data(), bytes.size());
  return bytes;
}

void append(std::vector<Extent>& extents, const Extent& extent) {
  if (extent.first >= extent.end) {
    return;
  }
  if (!extents.empty() && extents.back().end == extent.first) {
    extents.back().end = extent.end;
  } else {
    extents.push_back(extent);
  }
}

/// The sectors of a void that do have content.
void append_written_sectors(std::vector<Extent>& extents, int file, const Extent& part) {
  if (part.end - part.first > kLargestVoid) {
    append(extents, part);
    return;
  }
  const std::string bytes = read_block(file, part);
  for (std::size_t at = 0; at < bytes.size(); at += kSector) {
    const auto sector = std::string_view(bytes).substr(at, kSector);
    if (sector.find_first_not_of('\0') != std::string_view::npos) {
      append(extents, {part.first + at, part.first + at + sector.size()});
    }
  }
}

/// An extent of the disk without its voids.
void append_without_voids(std::vector<Extent>& extents, int file, Extent extent, const Voids& voids) {
  for (const Void& part : voids.all()) {
    const Extent common{std::max(part.extent.first, extent.first), std::min(part.extent.end, extent.end)};
    if (common.first >= common.end) {
      continue;
    }
    append(extents, {extent.first, common.first});
    append_written_sectors(extents, file, common);
    extent.first = common.end;
  }
  append(extents, extent);
}

bool has_page(int file, std::uint64_t page, std::uint64_t size) {
  return seek_extent(file, page, SEEK_DATA, size) < std::min(page + kPage, size);
}

bool contains(const std::vector<Extent>& extents, std::uint64_t at) {
  const auto behind = std::upper_bound(extents.begin(), extents.end(), at,
                                       [](std::uint64_t value, const Extent& each) { return value < each.first; });
  return behind != extents.begin() && at < std::prev(behind)->end;
}

void append(std::vector<DifferentExtent>& found, const Extent& extent, Difference difference) {
  if (difference == Difference::None) {
    return;
  }
  if (!found.empty() && found.back().extent.end == extent.first && found.back().difference == difference) {
    found.back().extent.end = extent.end;
  } else {
    found.push_back({extent, difference});
  }
}

/// Sectors that both states have content in.
void compare(std::vector<DifferentExtent>& found, int now, int before, const Extent& extent) {
  for (std::uint64_t at = extent.first; at < extent.end;) {
    const Extent block{at, std::min(round_down(at, kReadAtOnce) + kReadAtOnce, extent.end)};
    const std::string new_bytes = read_block(now, block);
    const std::string old_bytes = read_block(before, block);
    for (; at < block.end; at = std::min(round_down(at, kSector) + kSector, block.end)) {
      const std::uint64_t end = std::min(round_down(at, kSector) + kSector, block.end);
      const bool same = new_bytes.compare(at - block.first, end - at, old_bytes, at - block.first, end - at) == 0;
      append(found, {at, end}, same ? Difference::None : Difference::Written);
    }
  }
}

/// Between two neighbours among these, each list says the same about all bytes.
std::vector<std::uint64_t> boundaries(const std::vector<const std::vector<Extent>*>& lists, const Extent& window) {
  std::vector<std::uint64_t> all = {window.first, window.end};
  for (const auto* list : lists) {
    for (const Extent& extent : *list) {
      all.push_back(std::clamp(extent.first, window.first, window.end));
      all.push_back(std::clamp(extent.end, window.first, window.end));
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

std::vector<Extent> written_extents(int file, std::uint64_t size, const Voids& voids) {
  std::vector<Extent> extents;
  for (std::uint64_t at = 0; at < size;) {
    const std::uint64_t first = seek_extent(file, at, SEEK_DATA, size);
    at = seek_extent(file, first, SEEK_HOLE, size);
    append_without_voids(extents, file, {first, at}, voids);
  }
  return extents;
}

void note_write(Voids& voids, int file, std::uint64_t size, const Extent& extent) {
  const Extent sectors{round_down(extent.first, kSector), round_up(extent.end, kSector)};
  for (const std::uint64_t page : {round_down(sectors.first, kPage), round_down(sectors.end - 1, kPage)}) {
    if (!has_page(file, page, size)) {
      voids.fill({page, page + kPage});
    }
  }
  voids.cut(sectors);
}

void note_resize(Voids& voids, std::uint64_t size, std::uint64_t length) {
  const std::uint64_t end = round_up(std::min(size, length), kSector);
  voids.cut({end, std::numeric_limits<std::uint64_t>::max()});
  voids.fill({end, round_up(end, kPage)});
}

std::vector<DifferentExtent> differences(const FileContent& now, const FileContent& before,
                                         const std::vector<Extent>& cleared, const Extent& window) {
  std::vector<DifferentExtent> found;
  const auto points = boundaries({&now.written, &before.written, &cleared}, window);
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const Extent part{points[i], points[i + 1]};
    const bool is_written = contains(now.written, part.first);
    const bool was_written = contains(before.written, part.first);
    if (is_written && was_written) {
      compare(found, now.file, before.file, part);
    } else if (is_written) {
      append(found, part, Difference::Written);
    } else if (was_written || contains(cleared, part.first)) {
      append(found, part, Difference::Cleared);
    }
  }
  return found;
}

}  // namespace batchai::server::files
