#pragma once

#include "batchai/core/time.hpp"
#include "batchai/files/models.hpp"
#include "core/descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace batchai::signing {
class RunningMd5;
}

namespace batchai::inline v1::files {

/// A local file to read from. Thread-safe.
class LocalSource {
 public:
  /// Throws InvalidArgument when it cannot be opened or is no regular file.
  explicit LocalSource(const std::filesystem::path& path);

  std::uint64_t size() const noexcept { return size_; }
  Timestamp modified() const noexcept { return modified_; }
  /// Device, inode, size and times of writing and of change, as one word: it changes with the content.
  std::string state() const;

  /// Throws SourceChanged when the file has become shorter.
  void read(std::uint64_t offset, std::span<char> into) const;
  std::string read(const FileRange& range) const;
  /// Whether all of it is zeros.
  bool is_zero(const FileRange& range) const;
  /// Says that a range will be read soon.
  void expect(const FileRange& range) const;
  /// What is not a hole, in order.
  std::vector<FileRange> data_ranges() const { return data_within(0, size_); }
  /// Adds the bytes from `from` up to before `to`. Throws as read().
  void hash(signing::RunningMd5& md5, std::uint64_t from, std::uint64_t to) const;
  /// Throws SourceChanged when size or time of the last write are no longer those at opening.
  void require_unchanged() const;

 private:
  std::vector<FileRange> data_within(std::uint64_t from, std::uint64_t to) const;

  std::filesystem::path path_;
  Descriptor descriptor_;
  std::uint64_t size_ = 0;
  /// Of the content, and of anything about the file.
  timespec written_ = {};
  timespec changed_ = {};
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  Timestamp modified_ = {};
};

}  // namespace batchai::inline v1::files
