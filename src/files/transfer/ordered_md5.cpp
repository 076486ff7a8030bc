#include "files/transfer/ordered_md5.hpp"

#include "signing/encoding.hpp"

#include <algorithm>

namespace batchai::inline v1::files {

OrderedMd5::OrderedMd5(Hash hash, std::vector<FileRange> pieces)
    : hash_(std::move(hash)), pieces_(std::move(pieces)), there_(pieces_.size()) {}

void OrderedMd5::note(const FileRange& piece) {
  const auto found = std::lower_bound(pieces_.begin(), pieces_.end(), piece,
                                      [](const FileRange& a, const FileRange& b) { return a.offset < b.offset; });
  const std::lock_guard lock(marking_);
  there_.at(static_cast<std::size_t>(found - pieces_.begin())) = true;
}

bool OrderedMd5::is_next_there() {
  const std::lock_guard lock(marking_);
  return next_ < pieces_.size() && there_[next_];
}

void OrderedMd5::advance(const FileRange& piece) {
  note(piece);
  const std::unique_lock lock(hashing_, std::try_to_lock);
  while (lock.owns_lock() && is_next_there()) {
    add_next();
  }
}

void OrderedMd5::add_next() {
  const FileRange& piece = pieces_[next_++];
  md5_.add_zeros(piece.offset - hashed_);
  hash_(md5_, piece);
  hashed_ = piece.end();
}

std::string OrderedMd5::finish(std::uint64_t size) {
  const std::lock_guard lock(hashing_);
  while (next_ < pieces_.size()) {
    add_next();
  }
  md5_.add_zeros(size - hashed_);
  return signing::base64_encode(md5_.finish());
}

}  // namespace batchai::inline v1::files
