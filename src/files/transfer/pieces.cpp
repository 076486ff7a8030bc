#include "files/transfer/pieces.hpp"

#include "batchai/files/file_client.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace batchai::inline v1::files {

std::vector<FileRange> cut_pieces(const std::vector<FileRange>& data) {
  std::vector<FileRange> pieces;
  for (FileRange rest : data) {
    while (rest.length > 0) {
      const std::uint64_t cell = rest.offset / kLargestPiece;
      const std::uint64_t end = std::min(rest.end(), (cell + 1) * kLargestPiece);
      if (!pieces.empty() && pieces.back().offset / kLargestPiece == cell) {
        pieces.back().length = end - pieces.back().offset;
      } else {
        pieces.push_back({rest.offset, end - rest.offset});
      }
      rest = {end, rest.end() - end};
    }
  }
  return pieces;
}

std::vector<FileRange> without(const std::vector<FileRange>& pieces, const std::vector<FileRange>& done) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> known;
  for (const FileRange& range : done) {
    known.emplace(range.offset, range.length);
  }
  std::vector<FileRange> left;
  std::copy_if(pieces.begin(), pieces.end(), std::back_inserter(left), [&](const FileRange& piece) {
    return !known.contains({piece.offset, piece.length});
  });
  return left;
}

std::uint64_t total_length(const std::vector<FileRange>& ranges) {
  return std::accumulate(ranges.begin(), ranges.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const FileRange& range) { return sum + range.length; });
}

}  // namespace batchai::inline v1::files
