#include "files/local_file.hpp"

#include "batchai/core/error.hpp"
#include "core/random.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::files {
namespace {

constexpr mode_t kNewFile = 0666;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

std::string describe(const std::filesystem::path& path, const char* what) {
  return std::string(what) + " '" + path.string() + "': " + std::strerror(errno);
}

std::int64_t change_time(const struct stat& info) {
  return info.st_mtim.tv_sec * kNanosecondsPerSecond + info.st_mtim.tv_nsec;
}

/// So that the new name survives a power cut.
void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    fsync(descriptor);
    close(descriptor);
  }
}

}  // namespace

LocalSource::LocalSource(const std::filesystem::path& path) : path_(path) {
  descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info {};
  if (descriptor_ < 0) {
    throw InvalidArgument(describe(path, "cannot read"));
  }
  if (fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(descriptor_);
    throw InvalidArgument("cannot upload '" + path.string() + "': it is not a regular file");
  }
  size_ = static_cast<std::uint64_t>(info.st_size);
  changed_ = change_time(info);
}

LocalSource::~LocalSource() { close(descriptor_); }

std::string LocalSource::read(std::uint64_t offset, std::uint64_t length) const {
  std::string bytes(length, '\0');
  for (std::size_t done = 0; done < length;) {
    const ssize_t count = pread(descriptor_, bytes.data() + done, length - done, static_cast<off_t>(offset + done));
    if (count == 0) {
      throw Error("'" + path_.string() + "' became shorter while it was being uploaded");
    }
    if (count < 0 && errno != EINTR) {
      throw Error(describe(path_, "cannot read"));
    }
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return bytes;
}

void LocalSource::require_unchanged() const {
  struct stat info {};
  if (fstat(descriptor_, &info) != 0 || static_cast<std::uint64_t>(info.st_size) != size_ ||
      change_time(info) != changed_) {
    throw Error("'" + path_.string() + "' changed while it was being uploaded; upload it again");
  }
}

LocalTarget::LocalTarget(const std::filesystem::path& path, std::uint64_t size) : path_(path) {
  temporary_ = path.parent_path() / ("." + path.filename().string() + "." + random_guid().substr(0, 8) + ".part");
  descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFile);
  if (descriptor_ < 0) {
    throw InvalidArgument(describe(temporary_, "cannot create"));
  }
  if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    const std::string reason = describe(temporary_, "cannot make room for");
    close(descriptor_);
    std::remove(temporary_.c_str());
    throw Error(reason);
  }
}

LocalTarget::~LocalTarget() {
  close(descriptor_);
  if (!committed_) {
    std::remove(temporary_.c_str());
  }
}

void LocalTarget::write(std::uint64_t offset, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno != EINTR) {
      throw Error(describe(path_, "cannot write"));
    }
    const std::size_t done = count > 0 ? static_cast<std::size_t>(count) : 0;
    bytes.remove_prefix(done);
    offset += done;
  }
}

void LocalTarget::commit() {
  if (fsync(descriptor_) != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw Error(describe(path_, "cannot complete"));
  }
  committed_ = true;
  sync_folder(path_.parent_path());
}

}  // namespace batchai::files
