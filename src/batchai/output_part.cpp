#include "batchai/output_part.hpp"

#include "core/file_time.hpp"
#include "core/locked_file.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::inline v1 {
namespace {

/// Linux takes no longer names.
constexpr std::size_t kLongestName = 255;
constexpr mode_t kNewOutput = 0666;

LocalFailure part_failure(const std::string& what, const std::filesystem::path& path) {
  return LocalFailure(what + " '" + path.string() + "': " + std::strerror(errno));
}

std::filesystem::path part_of(const std::filesystem::path& target, const File& file) {
  const std::string state = std::to_string(file.content_length.value_or(0)) + "-" +
                            (file.last_modified ? format_iso8601(*file.last_modified) : "unknown");
  const std::string name = target.filename().string();
  std::string part = "." + name + "." + state + ".part";
  if (part.size() > kLongestName) {
    part = "." + signing::hex_encode(signing::sha256(name)) + "." + state + ".part";
  }
  return target.parent_path() / part;
}

}  // namespace

OutputPart::OutputPart(std::filesystem::path target, const File& file)
    : target_(std::move(target)),
      path_(part_of(target_, file)),
      file_(open_locked(AT_FDCWD, path_.string(), O_NONBLOCK, kNewOutput)) {
  if (!file_) {
    throw errno == EWOULDBLOCK
        ? LocalFailure("'" + target_.string() + "' is being downloaded already, by another program or thread")
        : part_failure("cannot write", path_);
  }
}

std::uint64_t OutputPart::size() const {
  struct stat info {};
  if (::fstat(file_.get(), &info) != 0) {
    throw part_failure("cannot read", path_);
  }
  return static_cast<std::uint64_t>(info.st_size);
}

void OutputPart::write(std::uint64_t offset, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno != EINTR) {
      throw part_failure("cannot write", path_);
    }
    const std::size_t done = count > 0 ? static_cast<std::size_t>(count) : 0;
    bytes.remove_prefix(done);
    offset += done;
  }
}

bool OutputPart::holds(std::uint64_t offset, std::string_view bytes) const {
  std::array<char, 65536> block{};
  while (!bytes.empty()) {
    const ssize_t count =
        ::pread(file_.get(), block.data(), std::min(block.size(), bytes.size()), static_cast<off_t>(offset));
    if (count < 0 && errno != EINTR) {
      throw part_failure("cannot read", path_);
    }
    const std::size_t done = count > 0 ? static_cast<std::size_t>(count) : 0;
    if (count == 0 || bytes.substr(0, done) != std::string_view(block.data(), done)) {
      return false;
    }
    bytes.remove_prefix(done);
    offset += done;
  }
  return true;
}

void OutputPart::complete(std::uint64_t size, const std::optional<Timestamp>& modified) const {
  if (this->size() != size) {
    throw LocalFailure("'" + path_.string() + "' has " + std::to_string(this->size()) + " bytes in place of " +
                       std::to_string(size) + ": another program has changed it");
  }
  if (modified) {
    const std::array<timespec, 2> times = {timespec{0, UTIME_OMIT}, to_timespec(*modified)};
    ::futimens(file_.get(), times.data());  // a time that the file system cannot keep is no reason to fail
  }
  if (::rename(path_.c_str(), target_.c_str()) != 0) {
    throw part_failure("cannot complete", target_);
  }
}

void OutputPart::clear() const {
  if (::ftruncate(file_.get(), 0) != 0) {
    throw part_failure("cannot write", path_);
  }
}

void OutputPart::discard() const { ::unlink(path_.c_str()); }

}  // namespace batchai::inline v1
