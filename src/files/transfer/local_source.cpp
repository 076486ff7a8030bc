#include "files/transfer/local_source.hpp"

#include "core/file_time.hpp"
#include "files/transfer/file_job.hpp"
#include "files/transfer/local_error.hpp"
#include "files/transfer/pieces.hpp"
#include "signing/running_md5.hpp"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::inline v1::files {
namespace {

constexpr std::size_t kLookBlock = 1U << 14U;

bool is_same(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

/// As one word of state().
std::string text_of(const timespec& time) {
  const std::string nanoseconds = std::to_string(time.tv_nsec);
  return std::to_string(time.tv_sec) + std::string(9 - nanoseconds.size(), '0') + nanoseconds;
}

/// Next byte at or behind `from` that is data (or a hole); `end` where there is none, or the file system cannot tell.
std::uint64_t seek(int descriptor, std::uint64_t from, int what, std::uint64_t end) {
  const off_t found = ::lseek(descriptor, static_cast<off_t>(from), what);
  if (found < 0) {
    return what == SEEK_DATA && errno != ENXIO ? from : end;
  }
  return std::min(static_cast<std::uint64_t>(found), end);
}

}  // namespace

LocalSource::LocalSource(const std::filesystem::path& path)
    : path_(path), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  struct stat info {};
  if (!descriptor_) {
    throw InvalidArgument(local_error("cannot read", path.string()).what());
  }
  if (::fstat(descriptor_.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    throw InvalidArgument("cannot upload '" + path.string() + "': it is not a regular file");
  }
  size_ = static_cast<std::uint64_t>(info.st_size);
  written_ = info.st_mtim;
  changed_ = info.st_ctim;
  device_ = info.st_dev;
  inode_ = info.st_ino;
  modified_ = to_timestamp(info.st_mtim);
}

std::string LocalSource::state() const {
  return std::to_string(device_) + ":" + std::to_string(inode_) + ":" + std::to_string(size_) + ":" +
         text_of(written_) + ":" + text_of(changed_);
}

void LocalSource::read(std::uint64_t offset, std::span<char> into) const {
  while (!into.empty()) {
    const ssize_t count = ::pread(descriptor_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (count == 0) {
      throw SourceChanged("'" + path_.string() + "' became shorter while it was being uploaded");
    }
    if (count < 0 && errno != EINTR) {
      throw local_error("cannot read", path_.string());
    }
    const auto done = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    into = into.subspan(done);
    offset += done;
  }
}

std::string LocalSource::read(const FileRange& range) const {
  std::string bytes(range.length, '\0');
  read(range.offset, bytes);
  return bytes;
}

bool LocalSource::is_zero(const FileRange& range) const {
  std::array<char, kLookBlock> block{};
  for (std::uint64_t at = range.offset; at < range.end();) {
    const std::span<char> part = std::span(block).first(std::min(block.size(), range.end() - at));
    read(at, part);
    if (!std::all_of(part.begin(), part.end(), [](char c) { return c == '\0'; })) {
      return false;
    }
    at += part.size();
  }
  return true;
}

void LocalSource::expect(const FileRange& range) const {
  ::posix_fadvise(descriptor_.get(), static_cast<off_t>(range.offset), static_cast<off_t>(range.length),
                  POSIX_FADV_WILLNEED);
}

std::vector<FileRange> LocalSource::data_within(std::uint64_t from, std::uint64_t to) const {
  std::vector<FileRange> ranges;
  while (from < to) {
    const std::uint64_t first = seek(descriptor_.get(), from, SEEK_DATA, to);
    if (first >= to) {
      break;
    }
    const std::uint64_t end = std::max(seek(descriptor_.get(), first, SEEK_HOLE, to), first + 1);
    ranges.push_back({first, end - first});
    from = end;
  }
  return ranges;
}

void LocalSource::hash(signing::RunningMd5& md5, std::uint64_t from, std::uint64_t to) const {
  std::string block;
  for (const FileRange& data : data_within(from, to)) {
    md5.add_zeros(data.offset - from);
    for (from = data.offset; from < data.end(); from += block.size()) {
      block.resize(std::min(kHashBlock, data.end() - from));
      read(from, block);
      md5.add(block);
    }
  }
  md5.add_zeros(to - from);
}

void LocalSource::require_unchanged() const {
  struct stat info {};
  if (::fstat(descriptor_.get(), &info) != 0 || static_cast<std::uint64_t>(info.st_size) != size_ ||
      !is_same(info.st_mtim, written_)) {
    throw SourceChanged("'" + path_.string() + "' changed while it was being uploaded");
  }
}

}  // namespace batchai::inline v1::files
