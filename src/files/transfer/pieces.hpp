#pragma once

#include "batchai/files/models.hpp"

#include <cstdint>
#include <vector>

namespace batchai::inline v1::files {

/// Of a file, in bytes, that is read and hashed at a time.
inline constexpr std::uint64_t kHashBlock = 1U << 18U;

/// Cuts ranges that hold data, in order, along a grid of kLargestPiece: at most one piece a cell, from its first byte
/// of data to its last one.
std::vector<FileRange> cut_pieces(const std::vector<FileRange>& data);

/// Those of `pieces` that are not in `done`, in order.
std::vector<FileRange> without(const std::vector<FileRange>& pieces, const std::vector<FileRange>& done);

std::uint64_t total_length(const std::vector<FileRange>& ranges);

}  // namespace batchai::inline v1::files
