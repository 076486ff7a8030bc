#pragma once

#include "server/files/disk/voids.hpp"

#include <vector>

namespace batchai::server::files {

/// The parts of a file of `size` bytes that have content, sorted and apart: what the disk has pages for, but for the
/// voids that hold nothing but zeros.
std::vector<Extent> written_extents(int file, std::uint64_t size, const Voids& voids);

/// The part of the disk's pages that a write to `extent` leaves out; to be called before the write.
void note_write(Voids& voids, int file, std::uint64_t size, const Extent& extent);
/// The same for a change of the length from `size` to `length`.
void note_resize(Voids& voids, std::uint64_t size, std::uint64_t length);

/// How a file differs from an earlier state of it.
enum class Difference { None, Written, Cleared };

struct DifferentExtent {
  Extent extent;
  Difference difference = Difference::None;
};

/// A state of a file.
struct FileContent {
  int file = -1;
  std::vector<Extent> written;
};

/// What is different in the part `window`, sorted and apart: written sectors with other bytes, and sectors that are
/// written to no more. `cleared` is what has been cleared between the two states, which counts even where both have no
/// content: there may have been some in between.
std::vector<DifferentExtent> differences(const FileContent& now, const FileContent& before,
                                         const std::vector<Extent>& cleared, const Extent& window);

}  // namespace batchai::server::files
