#include "server/supervisor/source_file.hpp"

#include "core/lies_in.hpp"
#include "server/run/system_error.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

bool is_in_one_of(const std::vector<fs::path>& folders, const fs::path& path) {
  return std::ranges::any_of(folders, [&](const fs::path& folder) {
    std::error_code error;
    const auto place = fs::canonical(folder, error);
    return !error && lies_in(path, place);
  });
}

/// A link that has been put there after the path was looked at is not followed.
Descriptor open_without_links(const fs::path& path) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_NO_SYMLINKS;
  Descriptor file(static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) {
    throw_errno("cannot open " + path.string());
  }
  if (!S_ISREG(status.st_mode)) {
    throw std::runtime_error("cannot open " + path.string() + ": it is no file");
  }
  return file;
}

}  // namespace

Descriptor open_source_file(const RunSandbox& view, const fs::path& path) {
  std::error_code error;
  const auto place = fs::canonical(path, error);
  if (error) {
    throw std::runtime_error("cannot open " + path.string() + ": " + error.message());
  }
  if (!is_in_one_of(view.writable, place) && !is_in_one_of(view.readable, place)) {
    throw std::runtime_error("cannot open " + path.string() + ": it is in no folder that the job can read");
  }
  return open_without_links(place);
}

}  // namespace batchai::server
