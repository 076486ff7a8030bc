// Part of the tests, and of the supervisor that they start, only where they are built with -fsanitize=vptr.
//
// The first time an object of a type is used, that check reads its virtual table, and finds out whether it may by
// writing from there into a pipe (IsAccessibleMemoryRange in LLVM's sanitizer_common). Where no descriptor is left, it
// reports a sound object as "object has invalid vptr". So the sanitizer's pipe, and nothing of ours, may exceed the
// soft limit: our code makes pipes with pipe2.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

// The sanitizer, which is a library of its own, has to see it: all else is compiled with hidden visibility.
extern "C" __attribute__((visibility("default"))) int pipe(int* ends) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit raised{.rlim_cur = before.rlim_max, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &raised);
  const int result = ::pipe2(ends, O_CLOEXEC);
  ::setrlimit(RLIMIT_NOFILE, &before);
  return result;
}
