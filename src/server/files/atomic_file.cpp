#include "server/files/atomic_file.hpp"

#include "server/files/descriptor.hpp"
#include "server/files/storage_error.hpp"
#include "signing/random.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <fcntl.h>

namespace batchai::server::files {
namespace {

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      throw from_errno(errno);
    }
    text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
}

}  // namespace

std::optional<std::string> read_whole_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  const std::string temporary = path.string() + "." + signing::new_guid().substr(0, 8);
  const Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    throw from_errno(errno);
  }
  try {
    write_all(file.get(), text);
    if (fsync(file.get()) != 0 || std::rename(temporary.c_str(), path.c_str()) != 0) {
      throw from_errno(errno);
    }
  } catch (...) {
    std::remove(temporary.c_str());
    throw;
  }
}

}  // namespace batchai::server::files
