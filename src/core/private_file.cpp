#include "core/private_file.hpp"

#include "core/locked_file.hpp"
#include "core/random.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::inline v1 {
namespace {

[[noreturn]] void fail(const char* what, const std::filesystem::path& file) {
  throw std::system_error(errno, std::generic_category(), std::string("cannot ") + what + " " + file.string());
}

void write_all(const Descriptor& descriptor, std::string_view content, const std::filesystem::path& file) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor.get(), content.data(), content.size());
    if (written < 0 && errno != EINTR) {
      fail("write", file);
    }
    content.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
}

void sync(const Descriptor& descriptor, const std::filesystem::path& file) {
  if (::fsync(descriptor.get()) != 0) {
    fail("write", file);
  }
}

/// `file` is the path in messages.
void write_new_file(const std::string& temporary, std::string_view content, const std::filesystem::path& file) {
  const Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor) {
    fail("write", file);
  }
  write_all(descriptor, content, file);
  sync(descriptor, file);
}

/// Flushes the new name to the disk.
void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor || ::fsync(descriptor.get()) != 0) {
    fail("write", folder);
  }
}

}  // namespace

void make_private_folder(const std::filesystem::path& folder) {
  if (folder.empty() || std::filesystem::is_directory(folder)) {
    return;
  }
  make_private_folder(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    fail("make the folder", folder);
  }
}

std::optional<std::string> read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::nullopt;
    }
    fail("read", file);
  }
  std::ostringstream text;
  text << stream.rdbuf();
  if (stream.bad() || std::filesystem::is_directory(file)) {
    errno = stream.bad() ? EIO : EISDIR;
    fail("read", file);
  }
  return text.str();
}

std::optional<std::string> read_private_file(const std::filesystem::path& file) {
  try {
    return read_file(file);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

void replace_private_file(const std::filesystem::path& file, std::string_view content) {
  const std::string temporary = file.string() + "." + random_guid();
  try {
    write_new_file(temporary, content, file);
    if (::rename(temporary.c_str(), file.c_str()) != 0) {
      fail("replace", file);
    }
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(file.parent_path());
}

void make_private_file(const std::filesystem::path& file, std::string_view content) {
  const Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor) {
    fail("write", file);
  }
  write_all(descriptor, content, file);
  sync(descriptor, file);
  sync_folder(file.parent_path());
}

void reuse_private_file(const std::filesystem::path& spare, const std::filesystem::path& file,
                        std::string_view content) {
  const Descriptor descriptor(::open(spare.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!descriptor) {
    fail("write", spare);
  }
  write_all(descriptor, content, file);
  if (::ftruncate(descriptor.get(), static_cast<off_t>(content.size())) != 0) {
    fail("write", file);
  }
  if (::rename(spare.c_str(), file.c_str()) != 0) {
    fail("replace", file);
  }
  // After the new name, so that a journal has one change to write and not two.
  sync(descriptor, file);
  sync_folder(file.parent_path());
}

void write_private_file(const std::filesystem::path& file, std::string_view content) {
  make_private_folder(file.parent_path());
  replace_private_file(file, content);
}

PrivateFileLock::PrivateFileLock(const std::filesystem::path& file, WithoutLocks without_locks) {
  make_private_folder(file.parent_path());
  const std::filesystem::path lock_file = file.string() + ".lock";
  descriptor_ = Descriptor(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor_) {
    fail("open", lock_file);
  }
  while (::flock(descriptor_.get(), LOCK_EX) != 0) {
    if (without_locks == WithoutLocks::kGoOn && has_no_locks(errno)) {
      return;
    }
    if (errno != EINTR) {
      fail("lock", lock_file);
    }
  }
}

}  // namespace batchai::inline v1
