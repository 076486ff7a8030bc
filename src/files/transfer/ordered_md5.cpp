#include "files/transfer/ordered_md5.hpp"

#include "signing/encoding.hpp"

#include <algorithm>

namespace batchai::files {
namespace {

constexpr std::uint64_t kBlock = 1U << 18U;

}  // namespace

OrderedMd5::OrderedMd5(const PartFile& part, std::vector<FileRange> pieces)
    : part_(part), pieces_(std::move(pieces)), there_(pieces_.size()) {}

std::size_t OrderedMd5::mark(const FileRange& piece) {
  const auto found = std::lower_bound(pieces_.begin(), pieces_.end(), piece,
                                      [](const FileRange& a, const FileRange& b) { return a.first < b.first; });
  const auto index = static_cast<std::size_t>(found - pieces_.begin());
  const std::lock_guard lock(marking_);
  there_.at(index) = true;
  return index;
}

bool OrderedMd5::is_next_there() {
  const std::lock_guard lock(marking_);
  return next_ < pieces_.size() && there_[next_];
}

void OrderedMd5::note(const FileRange& piece, std::string_view bytes) {
  const std::size_t index = mark(piece);
  const std::unique_lock lock(hashing_, std::try_to_lock);
  while (lock.owns_lock() && is_next_there()) {
    add_next(next_ == index ? bytes : std::string_view());
  }
}

void OrderedMd5::add_next(std::string_view bytes) {
  const FileRange& piece = pieces_[next_++];
  md5_.add_zeros(piece.first - hashed_);
  if (bytes.empty()) {
    add_from_part(piece);
  } else {
    md5_.add(bytes);
  }
  hashed_ = piece.last + 1;
}

void OrderedMd5::add_from_part(const FileRange& piece) {
  for (std::uint64_t at = piece.first; at <= piece.last;) {
    const std::uint64_t length = std::min(kBlock, piece.last - at + 1);
    md5_.add(part_.read(at, length));
    at += length;
  }
}

std::string OrderedMd5::finish(std::uint64_t size) {
  const std::lock_guard lock(hashing_);
  while (next_ < pieces_.size()) {
    add_next({});
  }
  md5_.add_zeros(size - hashed_);
  return signing::base64_encode(md5_.finish());
}

}  // namespace batchai::files
