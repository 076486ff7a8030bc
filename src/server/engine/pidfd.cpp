#include "server/engine/pidfd.hpp"

#include <sys/syscall.h>

namespace batchai::server {

// By number: the declarations of glibc 2.36 in sys/pidfd.h lack extern "C" and do not link from C++.
Descriptor open_process(pid_t pid) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

void signal_process(const Descriptor& process, int number) {
  ::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0);
}

}  // namespace batchai::server
