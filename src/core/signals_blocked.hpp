#pragma once

#include <csignal>

namespace batchai::inline v1 {

/// Blocks signals on this thread while it lives. Threads that are made meanwhile inherit that and keep it, so that
/// signals are left to the threads of the program. What the kernel sends to a thread for a fault of its own stays open:
/// blocked, it would end the program without its handler.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t signals;
    ::sigfillset(&signals);
    for (const int fault : {SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP}) {
      ::sigdelset(&signals, fault);
    }
    ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_ = {};
};

}  // namespace batchai::inline v1
