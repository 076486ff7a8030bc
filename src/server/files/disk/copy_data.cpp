#include "server/files/disk/copy_data.hpp"

#include "server/files/http/storage_error.hpp"

#include <algorithm>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace batchai::server::files {
namespace {

constexpr std::size_t kBlock = 1U << 20U;

bool is_unsupported(int error) {
  return error == EXDEV || error == ENOSYS || error == EINVAL || error == EOPNOTSUPP || error == EBADF;
}

/// For file systems where the kernel does not copy by itself.
bool copy_through_memory(int from, int to, std::uint64_t first, std::uint64_t end) {
  std::string block(std::min<std::uint64_t>(end - first, kBlock), '\0');
  while (first < end) {
    const std::size_t wanted = std::min<std::uint64_t>(block.size(), end - first);
    const std::size_t count = read_at(from, first, block.data(), wanted);
    write_at(to, first, std::string_view(block).substr(0, count));
    first += count;
    if (count < wanted) {
      return false;
    }
  }
  return true;
}

bool copy_extent(int from, int to, std::uint64_t first, std::uint64_t end) {
  auto in = static_cast<off64_t>(first);
  auto out = static_cast<off64_t>(first);
  while (in < static_cast<off64_t>(end)) {
    const ssize_t count = copy_file_range(from, &in, to, &out, end - static_cast<std::uint64_t>(in), 0);
    if (count == 0) {
      return false;
    }
    if (count < 0 && is_unsupported(errno)) {
      return copy_through_memory(from, to, static_cast<std::uint64_t>(in), end);
    }
    if (count < 0 && errno != EINTR) {
      throw from_errno(errno);
    }
  }
  return true;
}

}  // namespace

bool copy_data(int from, int to, std::uint64_t size) {
  const bool shared = ioctl(to, FICLONE, from) == 0;
  if (ftruncate(to, static_cast<off_t>(size)) != 0) {
    throw from_errno(errno);
  }
  for (std::uint64_t at = 0; at < size && !shared;) {
    const std::uint64_t first = seek_extent(from, at, SEEK_DATA, size);
    at = seek_extent(from, first, SEEK_HOLE, size);
    if (first < at && !copy_extent(from, to, first, at)) {
      return false;
    }
  }
  return true;
}

std::uint64_t seek_extent(int file, std::uint64_t from, int what, std::uint64_t size) {
  const off_t found = lseek(file, static_cast<off_t>(from), what);
  return found < 0 ? size : std::min(static_cast<std::uint64_t>(found), size);
}

void write_at(int file, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno != EINTR) {
      throw from_errno(errno);
    }
    const std::size_t done = count > 0 ? static_cast<std::size_t>(count) : 0;
    bytes.remove_prefix(done);
    offset += done;
  }
}

std::size_t read_at(int file, std::uint64_t offset, char* buffer, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = pread(file, buffer + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno != EINTR) {
      throw from_errno(errno);
    }
    if (count == 0) {
      break;
    }
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return done;
}

}  // namespace batchai::server::files
