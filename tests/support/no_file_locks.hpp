#pragma once

#include <cerrno>

#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace batchai::test {

/// As long as it lives, `flock` fails as on a file system without locks.
class NoFileLocks {
 public:
  explicit NoFileLocks(int error) { error_ = error; }
  ~NoFileLocks() { error_ = 0; }
  NoFileLocks(const NoFileLocks&) = delete;
  NoFileLocks& operator=(const NoFileLocks&) = delete;

  /// 0: it works.
  static int error() { return error_; }

 private:
  static inline int error_ = 0;
};

}  // namespace batchai::test

/// Takes the place of the C library's in the test program.
extern "C" [[gnu::used]] inline int flock(int descriptor, int operation) noexcept {
  if (batchai::test::NoFileLocks::error() != 0) {
    errno = batchai::test::NoFileLocks::error();
    return -1;
  }
  return static_cast<int>(::syscall(SYS_flock, descriptor, operation));
}
