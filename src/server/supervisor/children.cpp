#include "server/supervisor/children.hpp"

#include "server/supervisor/process_table.hpp"

#include <algorithm>
#include <csignal>
#include <system_error>

#include <sys/wait.h>

namespace batchai::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestCommandInLog = 2'000;
/// A process that does not end at SIGKILL hangs in the kernel; the run's end must not wait for it.
constexpr std::chrono::seconds kKernelTimeout{30};
/// New processes may be forked while others are being killed: look again after this time.
constexpr std::chrono::milliseconds kKillInterval{50};

constexpr std::chrono::seconds kContainerKillTime{1};
/// How long what a launcher has kept may take to end after it was closed.
constexpr std::chrono::milliseconds kClosingTime{300};
/// How long the first process inside a sandbox, which outlives the program outside for a moment, may take to end.
constexpr std::chrono::milliseconds kLeavingTime{300};

/// How long after the end of its process the stand-in for a remote one may take to end.
constexpr std::chrono::seconds kRemoteDelay{3};

std::string end_text(const std::string& name, int status) {
  return WIFSIGNALED(status) ? name + " ended by signal " + std::to_string(WTERMSIG(status))
                             : name + " ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

void Children::start(const RunProcess& process) {
  const pid_t pid = launcher_.start(plan_, process);
  started_[pid] = &process;
  running_ += process.determines_exit ? 1 : 0;
  log_.write(process.node, "started " + process.name + " (process " + std::to_string(pid) +
                               "): " + process.command.substr(0, kLongestCommandInLog));
}

bool Children::reap() {
  while (true) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid <= 0) {
      return pid == 0;
    }
    note_end(pid, status);
  }
}

void Children::note_end(pid_t pid, int status) {
  const auto found = started_.find(pid);
  if (found == started_.end()) {
    return;  // inherited
  }
  const RunProcess& process = *found->second;
  started_.erase(found);
  const auto code = launcher_.exit_code(plan_, process, status);
  log_.write(process.node, code ? end_text(process.name, status) : process.name + " was lost with its node");
  lost_ = lost_ || !code;
  if (process.determines_exit) {
    --running_;
    if (exit_code_.value_or(0) == 0) {
      exit_code_ = code;
      first_failed_ = code.value_or(0) != 0 ? &process : nullptr;
    }
  }
}

bool Children::has_remote() const {
  return std::ranges::any_of(started_, [this](const auto& entry) { return launcher_.is_remote(*entry.second); });
}

void Children::signal_all(int number, bool kept_too) const {
  try {
    for (const pid_t pid : living_descendants(::getpid())) {
      if (kept_too || !launcher_.keeps(pid)) {
        signal(pid, number);
      }
    }
  } catch (const std::system_error&) {
    // The machine has no descriptors left, or no memory: it is tried again, as for processes that are new.
    return;
  }
}

/// The stand-in for a remote process, and all of its process group, would take the soft signal as a reason to kill. So
/// would the program outside a sandbox.
void Children::signal(pid_t pid, int number) const {
  if (plan_.sandbox && number == SIGTERM && started_.contains(pid) && !launcher_.is_remote(*started_.at(pid))) {
    return;
  }
  const auto group = started_.find(::getpgid(pid));
  const bool stands_in = group != started_.end() && launcher_.is_remote(*group->second);
  if (!stands_in || number == SIGKILL) {
    ::kill(pid, number);
  } else if (number == SIGTERM && pid == group->first) {
    ::kill(pid, SIGUSR1);
  }
}

bool Children::any_left() {
  if (!reap()) {
    return false;
  }
  if (!launcher_.keeps_some() || !started_.empty()) {
    return true;
  }
  try {
    return std::ranges::any_of(living_descendants(::getpid()), [this](pid_t pid) { return !launcher_.keeps(pid); });
  } catch (const std::system_error&) {
    return true;
  }
}

bool Children::wait_for_none(Events::Time deadline) {
  while (any_left()) {
    if (Clock::now() >= deadline) {
      return false;
    }
    // Ends of processes in a container are not this process's to hear of.
    events_.wait(launcher_.keeps_some() ? std::min(deadline, Clock::now() + kKillInterval) : deadline);
  }
  return true;
}

void Children::kill_all(bool kept_too) {
  // What multiplies in a container ends with it.
  const auto deadline = Clock::now() + (kept_too || !launcher_.keeps_some() ? kKernelTimeout : kContainerKillTime);
  do {
    signal_all(SIGKILL, kept_too);
    if (wait_for_none(std::min(deadline, Clock::now() + kKillInterval))) {
      return;
    }
  } while (Clock::now() < deadline);
  if (kept_too || !launcher_.keeps_some()) {
    log_.write("some processes could not be killed");
  }
}

void Children::end_all(std::chrono::milliseconds grace) {
  bool left = any_left();
  if (left && plan_.sandbox && started_.empty()) {
    left = !wait_for_none(Clock::now() + kLeavingTime);
  }
  if (left) {
    log_.write("ending the processes that are left");
    signal_all(SIGTERM);
    signal_all(SIGCONT);  // one that was suspended cannot see the other signal
    if (!wait_for_none(Clock::now() + grace + (has_remote() ? kRemoteDelay : kRemoteDelay.zero()))) {
      log_.write("killing the processes that are left");
      kill_all(false);
    }
  }
  if (launcher_.keeps_some()) {
    launcher_.close();
    if (!wait_for_none(Clock::now() + kClosingTime)) {
      kill_all(true);
    }
  }
}

}  // namespace batchai::server
