#include "server/engine/supervised_run.hpp"

#include "server/engine/pidfd.hpp"

#include <csignal>
#include <utility>

namespace batchai::server {

namespace {

constexpr std::chrono::seconds kRetryInterval{1};

}  // namespace

std::optional<SupervisedRun::Time> SupervisedRun::next_look(Time now) const {
  if (is_open()) {
    return now + kRetryInterval;
  }
  return supervisor_ ? kill_time_ : std::nullopt;
}

void SupervisedRun::take(RunFinding finding, std::chrono::milliseconds stop_patience) {
  handed_over_ = true;
  supervisor_ = std::move(finding.supervisor);
  grace_ = finding.grace;
  outcome_ = std::move(finding.outcome);
  ask_to_stop(stop_patience);
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

bool SupervisedRun::take_announcement() { return outcome_ && !std::exchange(announced_, true); }

}  // namespace batchai::server
