#include "server/supervisor/memory_file.hpp"

#include "server/run/system_error.hpp"

#include <array>

#include <sys/mman.h>
#include <unistd.h>

namespace batchai::server {

Descriptor memory_file(std::string_view content) {
  Descriptor file(::memfd_create("batchai", MFD_CLOEXEC));
  while (file && !content.empty()) {
    const auto count = ::write(file.get(), content.data(), content.size());
    if (count < 0) {
      file.reset();
      break;
    }
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  if (!file || ::lseek(file.get(), 0, SEEK_SET) != 0) {
    throw_errno("cannot keep a file in memory");
  }
  return file;
}

std::string text_of(const Descriptor& file) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const auto count = ::pread(file.get(), buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
    if (count <= 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace batchai::server
