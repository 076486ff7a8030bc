#pragma once

#include "batchai/files/models.hpp"
#include "signing/running_md5.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace batchai::inline v1::files {

/// The MD5 of a file whose pieces are moved in any order: each is read again, from the local file, as soon as all
/// before it have been moved, by a thread that has just moved one. What is between the pieces is zeros. Thread-safe.
class OrderedMd5 {
 public:
  /// Adds the bytes of a range to an MD5.
  using Hash = std::function<void(signing::RunningMd5&, const FileRange&)>;

  /// `pieces` in order.
  OrderedMd5(Hash hash, std::vector<FileRange> pieces);

  /// `piece` can be read: those of an earlier run.
  void note(const FileRange& piece);
  /// The same, and hashes what can be hashed, unless another thread does.
  void advance(const FileRange& piece);
  /// Base64, when all pieces have been noted.
  std::string finish(std::uint64_t size);

 private:
  /// Whether the next piece in order is there.
  bool is_next_there();
  void add_next();

  const Hash hash_;
  const std::vector<FileRange> pieces_;
  std::mutex marking_;
  std::vector<bool> there_;
  std::mutex hashing_;
  std::size_t next_ = 0;
  std::uint64_t hashed_ = 0;
  signing::RunningMd5 md5_;
};

}  // namespace batchai::inline v1::files
