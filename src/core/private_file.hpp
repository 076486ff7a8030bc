#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace batchai {

/// The content, or nothing if there is no such file or it cannot be read.
std::optional<std::string> read_private_file(const std::filesystem::path& file);

/// Writes a file that only its owner can read (0600; missing folders 0700): under a temporary name, to the disk, then
/// in place of the old one, so that a reader sees the old or the new content and never a part.
/// Throws std::system_error naming the file.
void write_private_file(const std::filesystem::path& file, std::string_view content);

/// Keeps other processes that use this class out while it lives (`flock` on `<file>.lock`). Waits for its turn.
/// Throws std::system_error.
class PrivateFileLock {
 public:
  explicit PrivateFileLock(const std::filesystem::path& file);
  ~PrivateFileLock();
  PrivateFileLock(const PrivateFileLock&) = delete;
  PrivateFileLock& operator=(const PrivateFileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace batchai
