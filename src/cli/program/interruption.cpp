#include "cli/program/interruption.hpp"

#include "cli/frame/errors.hpp"

#include <csignal>
#include <thread>

#include <unistd.h>

namespace batchai::cli {
namespace {

sigset_t watched_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  return signals;
}

/// Never returns: it ends with the process.
[[noreturn]] void watch(CancellationSource source) {
  const sigset_t signals = watched_signals();
  for (bool again = false;; again = true) {
    int signal = 0;
    ::sigwait(&signals, &signal);
    if (again) {
      ::_exit(kInterrupted);
    }
    source.cancel();
  }
}

CancellationToken start_watching() {
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const CancellationSource source;
  std::thread(watch, source).detach();
  return source.token();
}

}  // namespace

CancellationToken interruption_token() {
  static const CancellationToken token = start_watching();
  return token;
}

}  // namespace batchai::cli
