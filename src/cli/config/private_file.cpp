#include "cli/config/private_file.hpp"

#include "batchai/core/error.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::cli {
namespace {

[[noreturn]] void fail(const char* action, const std::filesystem::path& path, int error) {
  throw Error(std::string("cannot ") + action + " " + path.string() + ": " + std::strerror(error));
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(value_); }
  int get() const { return value_; }

 private:
  int value_;
};

void write_all(int descriptor, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno != EINTR) {
      fail("write", path, errno);
    }
    content.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
}

void write_and_sync(const std::string& temporary, int descriptor, std::string_view content) {
  const Descriptor file(descriptor);
  write_all(file.get(), content, temporary);
  if (::fsync(file.get()) != 0) {
    fail("write", temporary, errno);
  }
}

}  // namespace

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error) {
      return std::nullopt;
    }
    fail("read", path, error ? error.value() : EACCES);
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void make_private_folder(const std::filesystem::path& path) {
  if (path.empty() || std::filesystem::is_directory(path)) {
    return;
  }
  make_private_folder(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    fail("make the folder", path, errno);
  }
}

void write_private_file(const std::filesystem::path& path, std::string_view content) {
  make_private_folder(path.parent_path());
  std::string temporary = path.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
  if (descriptor < 0) {
    fail("write", path, errno);
  }
  try {
    write_and_sync(temporary, descriptor, content);
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
      fail("write", path, errno);
    }
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace batchai::cli
