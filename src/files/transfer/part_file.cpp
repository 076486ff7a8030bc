#include "files/transfer/part_file.hpp"

#include "core/file_time.hpp"
#include "core/locked_file.hpp"
#include "files/transfer/journal.hpp"
#include "files/transfer/local_error.hpp"
#include "files/transfer/local_folder.hpp"
#include "files/transfer/pieces.hpp"
#include "signing/running_md5.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::inline v1::files {
namespace {

constexpr mode_t kNewFile = 0666;

bool is_folder(int folder, const std::string& name) {
  struct stat info {};
  return ::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

PartFile::PartFile(Descriptor folder, const std::string& name, std::filesystem::path shown)
    : folder_(std::move(folder)), name_(name), part_(part_name(name)), shown_(std::move(shown)) {
  if (is_folder(folder_.get(), name_)) {
    throw Error("cannot write '" + shown_.string() + "': it is a folder");
  }
  file_ = open_locked(folder_.get(), part_, O_NONBLOCK, kNewFile);
  if (!file_) {
    throw_not_locked("cannot write", shown_.string());
  }
}

std::uint64_t PartFile::size() const {
  struct stat info {};
  return ::fstat(file_.get(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

void PartFile::reset(std::uint64_t size) {
  if (::ftruncate(file_.get(), 0) != 0 || ::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) {
    throw local_error("cannot make room for", shown_.string());
  }
}

void PartFile::write(std::uint64_t offset, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno != EINTR) {
      throw local_error("cannot write", shown_.string());
    }
    const std::size_t done = count > 0 ? static_cast<std::size_t>(count) : 0;
    bytes.remove_prefix(done);
    offset += done;
  }
}

void PartFile::flush_soon(const FileRange& range) const {
  // What goes wrong here, fsync() reports.
  ::sync_file_range(file_.get(), static_cast<off_t>(range.offset), static_cast<off_t>(range.length),
                    SYNC_FILE_RANGE_WRITE);
}

void PartFile::read(std::uint64_t offset, std::string& bytes) const {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count =
        ::pread(file_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (count == 0 || (count < 0 && errno != EINTR)) {
      throw count == 0 ? Error("the part of '" + shown_.string() + "' became shorter")
                       : local_error("cannot read the part of", shown_.string());
    }
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
}

void PartFile::hash(signing::RunningMd5& md5, const FileRange& range) const {
  std::string block;
  for (std::uint64_t at = range.offset; at < range.end(); at += block.size()) {
    block.resize(std::min(kHashBlock, range.end() - at));
    read(at, block);
    md5.add(block);
  }
}

void PartFile::commit(std::optional<Timestamp> modified, bool durable) {
  if (modified) {
    const std::array<timespec, 2> times = {timespec{0, UTIME_OMIT}, to_timespec(*modified)};
    ::futimens(file_.get(), times.data());  // a time that the file system cannot keep is no reason to fail
  }
  if ((durable && ::fsync(file_.get()) != 0) ||
      ::renameat(folder_.get(), part_.c_str(), folder_.get(), name_.c_str()) != 0) {
    throw local_error("cannot complete", shown_.string());
  }
  if (durable) {
    ::fsync(folder_.get());  // so that the new name survives a power cut
  }
}

void PartFile::discard() { ::unlinkat(folder_.get(), part_.c_str(), 0); }

}  // namespace batchai::inline v1::files
