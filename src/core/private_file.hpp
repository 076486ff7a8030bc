#pragma once

#include "core/descriptor.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace batchai::inline v1 {

/// The content, or nothing if there is no such file. Throws std::system_error if it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& file);
/// The same for what can be made again: nothing also if it cannot be read.
std::optional<std::string> read_private_file(const std::filesystem::path& file);

/// Writes a file that only its owner can read (0600) under a temporary name, to the disk, then in place of the old one,
/// so that a reader sees the old or the new content and never a part. The folder must be there.
/// Throws std::system_error naming the file.
void replace_private_file(const std::filesystem::path& file, std::string_view content);
/// The same, and makes missing folders (0700).
void write_private_file(const std::filesystem::path& file, std::string_view content);

/// Writes a file that only its owner can read under its own name, to the disk: with half the work of the disk, for a
/// file that is not there yet, or that nobody misses. A reader, and a crash, may find a part of it. The folder must be
/// there. Throws std::system_error naming the file.
void make_private_file(const std::filesystem::path& file, std::string_view content);
/// Puts a file that is there and is not needed any more in place of another, with that content: needs no room on the
/// disk for as much as it holds already. A reader sees the old or the new content; a crash may leave a file with
/// neither. Throws std::system_error.
void reuse_private_file(const std::filesystem::path& spare, const std::filesystem::path& file,
                        std::string_view content);

/// Makes the folder and its parents; what is new is open to its owner only. Throws std::system_error.
void make_private_folder(const std::filesystem::path& folder);

/// What to do on a file system that has no locks.
enum class WithoutLocks { kFail, kGoOn };

/// Keeps other processes that use this class out while it lives (`flock` on `<file>.lock`). Waits for its turn.
/// Throws std::system_error.
class PrivateFileLock {
 public:
  explicit PrivateFileLock(const std::filesystem::path& file, WithoutLocks without_locks = WithoutLocks::kFail);

 private:
  Descriptor descriptor_;
};

}  // namespace batchai::inline v1
