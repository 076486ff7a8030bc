#include "server/engine/supervised_run.hpp"

#include "server/engine/pidfd.hpp"
#include "server/supervisor/process_table.hpp"

#include <algorithm>
#include <csignal>
#include <system_error>
#include <utility>

namespace batchai::server {

namespace {

constexpr std::chrono::seconds kRetryInterval{1};

/// False also where that is unknown.
bool is_found_stopped(pid_t pid) {
  try {
    return is_stopped(pid);
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

std::optional<SupervisedRun::Time> SupervisedRun::next_look(Time now) const {
  if (is_open()) {
    return now + kRetryInterval;
  }
  if (!supervisor_) {
    return std::nullopt;
  }
  return kill_time_ && limit_look_ ? std::min(*kill_time_, *limit_look_) : kill_time_ ? kill_time_ : limit_look_;
}

void SupervisedRun::take(RunFinding finding, std::chrono::milliseconds stop_timeout) {
  handed_over_ = true;
  supervisor_ = std::move(finding.supervisor);
  grace_ = finding.grace;
  pid_ = finding.pid;
  patience_ = stop_timeout;
  limit_end_ = finding.limit_end;
  // The supervisor gets the time to do so by itself.
  limit_look_ = limit_end_ ? std::optional(*limit_end_ + kRetryInterval) : std::nullopt;
  outcome_ = std::move(finding.outcome);
  ask_to_stop(stop_timeout);
}

void SupervisedRun::request_stop(std::chrono::milliseconds patience) {
  stop_requested_ = true;
  ask_to_stop(patience);
}

void SupervisedRun::ask_to_stop(std::chrono::milliseconds patience) {
  if (stop_requested_ && supervisor_) {
    signal_process(supervisor_, SIGTERM);
    kill_time_ = kill_time_.value_or(std::chrono::steady_clock::now() + grace_ + patience);
  }
}

void SupervisedRun::kill_late_supervisor(Time now) {
  if (supervisor_ && kill_time_ && *kill_time_ <= now) {
    signal_process(supervisor_, SIGKILL);
    kill_time_ = now + kRetryInterval;
  }
}

void SupervisedRun::enforce_limit(Time now) {
  if (!supervisor_ || !limit_look_ || *limit_look_ > now) {
    return;
  }
  limit_look_ = now + kRetryInterval;
  if (!is_found_stopped(pid_)) {
    return;
  }
  over_limit_ = *limit_end_ + grace_ + patience_ < now;
  signal_process(supervisor_, over_limit_ ? SIGKILL : SIGCONT);
}

bool SupervisedRun::take_announcement() { return outcome_ && !std::exchange(announced_, true); }

}  // namespace batchai::server
