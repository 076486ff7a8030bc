#pragma once

#include "core/descriptor.hpp"
#include "core/directory_stream.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace batchai::server {

/// Adds up what all files in some folders take on the disk, a part at a time. Walks from open folder to open folder,
/// never through a link, however deep they are; makes folders readable for itself that their owner has closed. Files
/// may come and go meanwhile. Not thread-safe.
class DiskUse {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit DiskUse(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {}

  /// Goes on with the walk, until `deadline` at the latest; begins a new one where the last has ended. True when it has
  /// come to the end.
  bool go_on(Time deadline);
  /// What the walk has found so far, in bytes.
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  struct Level {
    std::string name;
    dev_t device;
    ino_t inode;
    std::vector<std::string> folders;
  };

  bool enter_next_root();
  void enter(Descriptor folder, const std::string& name);
  void take(const dirent& entry);
  void go_up();
  void find_again();

  std::vector<std::filesystem::path> folders_;
  std::size_t next_root_ = 0;
  /// From the root to the folder that is being read.
  std::vector<Level> levels_;
  DirectoryStream reading_;
  std::uint64_t bytes_ = 0;
  bool ended_ = true;
};

}  // namespace batchai::server
