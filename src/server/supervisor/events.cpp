#include "server/supervisor/events.hpp"

#include "server/run/system_error.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/signalfd.h>

namespace batchai::server {

namespace {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1}) {
    sigaddset(&set, number);
  }
  return set;
}

}  // namespace

int poll_timeout(std::optional<Events::Time> deadline) {
  if (!deadline) {
    return -1;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
  constexpr std::chrono::milliseconds kNone{0};
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24);
  return static_cast<int>(std::clamp(left, kNone, kLongest).count());
}

void Events::block_signals() {
  const auto set = watched_signals();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

Events::Events() {
  const auto set = watched_signals();
  signals_ = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_) {
    throw_errno("cannot receive signals");
  }
}

void Events::wait(std::optional<Time> deadline) {
  pollfd entry{.fd = signals_.get(), .events = POLLIN, .revents = 0};
  const int ready = ::poll(&entry, 1, poll_timeout(deadline));
  if (ready < 0 && errno != EINTR) {
    throw_errno("cannot wait for signals");
  }
  drain();
}

void Events::drain() {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    const int number = static_cast<int>(info.ssi_signo);
    stop_requested_ = stop_requested_ || number == SIGTERM || number == SIGINT || number == SIGUSR1;
  }
}

}  // namespace batchai::server
