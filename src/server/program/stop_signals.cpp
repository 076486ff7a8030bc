#include "server/program/stop_signals.hpp"

#include <system_error>
#include <thread>

#include <unistd.h>

namespace batchai::server {
namespace {

/// Lets the thread that waits for further signals end.
constexpr int kDone = SIGUSR1;

}  // namespace

StopSignals::StopSignals() {
  struct sigaction hangup {};
  ignores_hangup_ = ::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler == SIG_IGN;
  sigemptyset(&signals_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, kDone}) {
    sigaddset(&signals_, signal);
  }
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int StopSignals::wait() {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0) {
  }
  return signal;
}

void StopSignals::run(Service& service, bool has_log_file) {
  for (int signal = wait(); signal != SIGTERM && signal != SIGINT; signal = wait()) {
    if (signal == SIGHUP && has_log_file) {
      service.reopen_log();
    } else if (signal == SIGHUP && !ignores_hangup_) {
      break;
    }
  }
  std::thread impatience;
  try {
    impatience = std::thread([this, &service] { escalate(service); });
  } catch (const std::system_error&) {
    return service.stop();  // there are no threads left: it stops without being aborted
  }
  service.stop();
  pthread_kill(impatience.native_handle(), kDone);
  impatience.join();
}

void StopSignals::escalate(Service& service) {
  bool hurried = false;
  for (int signal = wait(); signal != kDone; signal = wait()) {
    if (signal == SIGHUP) {
      continue;
    }
    if (hurried) {
      ::_exit(128 + signal);
    }
    service.abort_requests();
    hurried = true;
  }
}

}  // namespace batchai::server
