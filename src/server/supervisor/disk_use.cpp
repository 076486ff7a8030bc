#include "server/supervisor/disk_use.hpp"

#include <cerrno>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::server {

namespace {

constexpr std::uint64_t kDiskBlock = 512;
constexpr int kReadFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
/// Entries between two looks at the clock.
constexpr int kStride = 64;

/// Not open if it cannot be opened, or is no folder.
Descriptor open_folder(int parent, const char* name, int flags = O_NOFOLLOW) {
  const Descriptor place(::openat(parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags));
  struct stat status {};
  if (!place || ::fstat(place.get(), &status) != 0) {
    return {};
  }
  constexpr mode_t kNeeded = S_IRUSR | S_IXUSR;
  if ((status.st_mode & kNeeded) != kNeeded) {
    // fchmod takes no O_PATH descriptor.
    ::chmod(("/proc/self/fd/" + std::to_string(place.get())).c_str(), (status.st_mode & 07777U) | kNeeded);
  }
  return Descriptor(::openat(place.get(), ".", kReadFolder));
}

}  // namespace

bool DiskUse::go_on(Time deadline) {
  if (std::exchange(ended_, false)) {
    bytes_ = 0;
    next_root_ = 0;
  }
  for (int steps = 1;; ++steps) {
    if (levels_.empty() && !enter_next_root()) {
      return ended_ = true;
    }
    if (!levels_.empty()) {
      const dirent* entry = ::readdir(reading_.get());
      entry != nullptr ? take(*entry) : go_up();
    }
    if (steps % kStride == 0 && std::chrono::steady_clock::now() >= deadline) {
      return false;
    }
  }
}

bool DiskUse::enter_next_root() {
  if (next_root_ == folders_.size()) {
    return false;
  }
  const auto& root = folders_[next_root_++];
  if (auto folder = open_folder(AT_FDCWD, root.c_str(), 0)) {
    enter(std::move(folder), root);
  }
  return true;
}

void DiskUse::enter(Descriptor folder, const std::string& name) {
  struct stat status {};
  ::fstat(folder.get(), &status);
  if (auto stream = read_directory(std::move(folder))) {
    reading_ = std::move(stream);
    levels_.push_back({.name = name, .device = status.st_dev, .inode = status.st_ino, .folders = {}});
  }
}

void DiskUse::take(const dirent& entry) {
  struct stat status {};
  const std::string_view name = entry.d_name;
  if (name == "." || name == ".." ||
      ::fstatat(::dirfd(reading_.get()), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return;
  }
  bytes_ += static_cast<std::uint64_t>(status.st_blocks) * kDiskBlock;
  if (S_ISDIR(status.st_mode)) {
    levels_.back().folders.emplace_back(name);
  }
}

/// A folder has been read: to the next one in it, or in one of those above.
void DiskUse::go_up() {
  while (!levels_.empty()) {
    while (!levels_.back().folders.empty()) {
      const auto name = std::move(levels_.back().folders.back());
      levels_.back().folders.pop_back();
      const auto depth = levels_.size();
      if (auto folder = open_folder(::dirfd(reading_.get()), name.c_str())) {
        enter(std::move(folder), name);
      }
      if (levels_.size() > depth) {
        return;
      }
    }
    levels_.pop_back();
    if (!levels_.empty()) {
      find_again();
    }
  }
  reading_.reset();
}

/// Opens the folder above; where this one has been moved meanwhile, by the names from the root, as far as they lead.
void DiskUse::find_again() {
  struct stat status {};
  Descriptor above(::openat(::dirfd(reading_.get()), "..", kReadFolder));
  const auto& wanted = levels_.back();
  if (!above || ::fstat(above.get(), &status) != 0 || status.st_dev != wanted.device || status.st_ino != wanted.inode) {
    above = open_folder(AT_FDCWD, levels_.front().name.c_str(), 0);
    std::size_t depth = above ? 1 : 0;
    for (; depth > 0 && depth < levels_.size(); ++depth) {
      auto next = open_folder(above.get(), levels_[depth].name.c_str());
      if (!next) {
        break;
      }
      above = std::move(next);
    }
    levels_.resize(depth);
  }
  if (levels_.empty()) {
    return;
  }
  // What is in it has been read already: only the folders that were found are left.
  reading_ = read_directory(std::move(above));
  if (!reading_) {
    levels_.clear();
  }
}

}  // namespace batchai::server
