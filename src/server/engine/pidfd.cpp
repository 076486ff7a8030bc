#include "server/engine/pidfd.hpp"

#include "server/run/system_error.hpp"

#include <cerrno>
#include <string>

#include <sys/syscall.h>

namespace batchai::server {

// By number: the declarations of glibc 2.36 in sys/pidfd.h lack extern "C" and do not link from C++.
Descriptor open_process(pid_t pid) {
  Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process && errno != ESRCH && errno != EINVAL) {
    throw_errno("cannot open process " + std::to_string(pid));
  }
  return process;
}

void signal_process(const Descriptor& process, int number) {
  ::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0);
}

}  // namespace batchai::server
