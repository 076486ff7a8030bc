#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace batchai::files {

/// A local file to read from. Reads at positions are thread-safe.
class LocalSource {
 public:
  /// Throws InvalidArgument when it cannot be opened or is no regular file.
  explicit LocalSource(const std::filesystem::path& path);
  ~LocalSource();
  LocalSource(const LocalSource&) = delete;
  LocalSource& operator=(const LocalSource&) = delete;

  std::uint64_t size() const noexcept { return size_; }
  /// Throws Error when the file has become shorter.
  std::string read(std::uint64_t offset, std::uint64_t length) const;
  /// Throws Error when size or time of change are no longer those at opening.
  void require_unchanged() const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::int64_t changed_ = 0;
};

/// A local file that appears under its name when commit() is called, complete; before, it has a name of its own, which
/// goes away with this object. Writes at positions are thread-safe.
class LocalTarget {
 public:
  /// Throws InvalidArgument when the folder cannot be written to.
  LocalTarget(const std::filesystem::path& path, std::uint64_t size);
  ~LocalTarget();
  LocalTarget(const LocalTarget&) = delete;
  LocalTarget& operator=(const LocalTarget&) = delete;

  /// Throws Error when the disk is full or fails.
  void write(std::uint64_t offset, std::string_view bytes) const;
  /// Flushes to disk and renames. Throws Error.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  bool committed_ = false;
};

}  // namespace batchai::files
