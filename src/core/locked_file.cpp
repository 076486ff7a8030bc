#include "core/locked_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace batchai::inline v1 {
namespace {

/// Whether `name` still is the open file.
bool is_still(int descriptor, int folder, const std::string& name) {
  struct stat open {};
  struct stat named {};
  return ::fstat(descriptor, &open) == 0 && ::fstatat(folder, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

}  // namespace

bool has_no_locks(int error) { return error == ENOSYS || error == ENOLCK || error == EOPNOTSUPP; }

Descriptor open_locked(int folder, const std::string& name, int flags, mode_t mode) {
  for (;;) {
    Descriptor file(::openat(folder, name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, mode));
    if (file && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && !has_no_locks(errno)) {
      const int why = errno;
      file.reset();
      errno = why;
    }
    // Another one may have completed it between the two calls.
    if (!file || is_still(file.get(), folder, name)) {
      return file;
    }
  }
}

}  // namespace batchai::inline v1
