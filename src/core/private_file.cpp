#include "core/private_file.hpp"

#include "core/random.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const char* what) {
  throw std::system_error(errno, std::generic_category(), std::string(what) + " " + file.string());
}

void make_private_folders(const std::filesystem::path& folder) {
  if (folder.empty() || std::filesystem::exists(folder)) {
    return;
  }
  make_private_folders(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    fail(folder, "cannot make the folder");
  }
}

void write_all(int descriptor, std::string_view content, const std::filesystem::path& file) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      fail(file, "cannot write");
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_new_file(const std::filesystem::path& file, std::string_view content) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    fail(file, "cannot make");
  }
  try {
    write_all(descriptor, content, file);
    if (::fsync(descriptor) != 0) {
      fail(file, "cannot write");
    }
  } catch (...) {
    ::close(descriptor);
    ::unlink(file.c_str());
    throw;
  }
  ::close(descriptor);
}

}  // namespace

std::optional<std::string> read_private_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return std::nullopt;
  }
  std::ostringstream text;
  text << stream.rdbuf();
  return stream.bad() ? std::nullopt : std::optional(text.str());
}

void write_private_file(const std::filesystem::path& file, std::string_view content) {
  make_private_folders(file.parent_path());
  const std::filesystem::path temporary = file.string() + "." + random_guid();
  write_new_file(temporary, content);
  if (::rename(temporary.c_str(), file.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    errno = error;
    fail(file, "cannot replace");
  }
}

PrivateFileLock::PrivateFileLock(const std::filesystem::path& file) {
  make_private_folders(file.parent_path());
  const std::filesystem::path lock_file = file.string() + ".lock";
  descriptor_ = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ < 0) {
    fail(lock_file, "cannot open");
  }
  while (::flock(descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) {
      ::close(descriptor_);
      fail(lock_file, "cannot lock");
    }
  }
}

PrivateFileLock::~PrivateFileLock() { ::close(descriptor_); }

}  // namespace batchai
