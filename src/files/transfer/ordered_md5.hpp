#pragma once

#include "batchai/files/models.hpp"
#include "files/transfer/part_file.hpp"
#include "signing/running_md5.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace batchai::files {

/// The MD5 of a part whose pieces come in any order. Pieces that arrive in order are hashed at once; others are read
/// from the part later. What is between the pieces is zeros. Thread-safe.
class OrderedMd5 {
 public:
  /// `pieces` in order; `part` has to outlive this object.
  OrderedMd5(const PartFile& part, std::vector<FileRange> pieces);

  /// `piece` is in the part; `bytes` are its content.
  void note(const FileRange& piece, std::string_view bytes);
  /// The same without content at hand.
  void note(const FileRange& piece) { mark(piece); }
  /// Base64, when all pieces have been noted.
  std::string finish(std::uint64_t size);

 private:
  std::size_t mark(const FileRange& piece);
  /// Whether the next piece in order is there.
  bool is_next_there();
  void add_next(std::string_view bytes);
  void add_from_part(const FileRange& piece);

  const PartFile& part_;
  const std::vector<FileRange> pieces_;
  std::mutex marking_;
  std::vector<bool> there_;
  std::mutex hashing_;
  std::size_t next_ = 0;
  std::uint64_t hashed_ = 0;
  signing::RunningMd5 md5_;
};

}  // namespace batchai::files
