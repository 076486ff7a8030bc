#include "server/supervisor/output_file.hpp"

#include "server/run/system_error.hpp"

#include <cerrno>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>

namespace batchai::server {

namespace {

bool is_null_device(dev_t device) {
  struct stat null {};
  return ::stat("/dev/null", &null) == 0 && S_ISCHR(null.st_mode) && null.st_rdev == device;
}

bool is_file(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 &&
         (S_ISREG(status.st_mode) || (S_ISCHR(status.st_mode) && is_null_device(status.st_rdev)));
}

}  // namespace

Descriptor open_output_file(const std::filesystem::path& path, int flags) {
  return checked_output(Descriptor(::open(path.c_str(), kOutputFlags | O_CLOEXEC | flags, kOutputMode)), path);
}

Descriptor checked_output(Descriptor file, const std::filesystem::path& path) {
  if (!file && errno != ENXIO) {  // that is what a pipe without a reader says, and a socket
    throw_errno("cannot open " + path.string());
  }
  if (!file || !is_file(file.get())) {
    throw std::runtime_error("cannot write to " + path.string() + ": it is not a file");
  }
  if (::fcntl(file.get(), F_SETFL, ::fcntl(file.get(), F_GETFL) & ~O_NONBLOCK) != 0) {
    throw_errno("cannot open " + path.string());
  }
  return file;
}

}  // namespace batchai::server
