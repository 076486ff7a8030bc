#include "server/supervisor/run.hpp"

#include "core/shortage.hpp"
#include "server/supervisor/children.hpp"
#include "server/supervisor/container_launcher.hpp"
#include "server/supervisor/execution_log.hpp"
#include "server/supervisor/run_folders.hpp"
#include "server/supervisor/watch.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/wait.h>

namespace batchai::server {

namespace {

using Kind = RunOutcome::Kind;
using Clock = std::chrono::steady_clock;

/// Added to the number of the signal that has ended a process.
constexpr int kSignalled = 128;

Timestamp now() { return std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()); }

/// The outcome of a run of which no process has been started.
Kind not_begun(const std::exception& error) {
  if (dynamic_cast<const ContainerError*>(&error) != nullptr) {
    return Kind::NoContainer;
  }
  return is_shortage(error) ? Kind::Busy : Kind::NotStarted;
}

/// The outcome of one that has begun.
Kind after_begin(const std::exception& error) {
  return not_begun(error) == Kind::NoContainer ? Kind::NoContainer : Kind::NotStarted;
}

/// One run, once its folders and logs are there.
class Run {
 public:
  Run(const RunPlan& plan, Launcher& launcher, std::optional<Clock::time_point> deadline)
      : plan_(plan),
        deadline_(deadline),
        log_(plan),
        watch_(plan, launcher.nodes_here(plan)),
        containers_(plan.container ? std::make_unique<ContainerLauncher>(launcher, plan, log_) : nullptr),
        launcher_(containers_ ? static_cast<Launcher&>(*containers_) : launcher),
        children_(plan, launcher_, events_, log_) {}

  RunOutcome execute() {
    log_.write("run " + plan_.run_id + " on " + std::to_string(plan_.nodes.size()) + " node(s)");
    if (!plan_.remark.empty()) {
      log_.write(plan_.remark);
    }
    RunOutcome outcome;
    try {
      outcome.kind = all_rounds();
    } catch (const std::exception& error) {
      outcome.kind = began_ ? after_begin(error) : not_begun(error);
      outcome.message = error.what();
      log_.write(outcome.message);
    }
    if (has_passed_file_limit(outcome.kind)) {
      outcome.kind = Kind::OverLimit;
      over_limit_ = "it wrote more than " + std::to_string(plan_.limits.file_bytes) + " bytes into one file";
    }
    children_.end_all(over_limit_ ? std::chrono::milliseconds(0) : plan_.grace);
    if (outcome.message.empty()) {
      outcome.exit_code = exit_code();
      outcome.message = over_limit_ ? "The job was ended: " + *over_limit_ : describe(outcome.kind);
      log_.write(outcome.message);
    }
    return outcome;
  }

 private:
  using Processes = std::vector<const RunProcess*>;

  static Processes all_of(const std::vector<RunProcess>& processes) {
    Processes result;
    for (const auto& process : processes) {
      result.push_back(&process);
    }
    return result;
  }

  Kind all_rounds() {
    if (const auto interrupted = set_up()) {
      return *interrupted;
    }
    if (const auto interrupted = start_container()) {
      return *interrupted;
    }
    for (const auto& preparation : preparations()) {
      if (const auto interrupted = round(preparation, true)) {
        return *interrupted;
      }
      if (children_.exit_code().value_or(0) != 0) {
        return Kind::PreparationFailed;
      }
    }
    children_.next_round();
    return round(all_of(plan_.processes), plan_.ends_on_failure).value_or(Kind::Exited);
  }

  /// What is started at a time: in a container that nodes have in common they would all install at once what is the
  /// same for them, which package managers do not take.
  std::vector<Processes> preparations() const {
    const auto all = all_of(plan_.preparation);
    if (!plan_.container) {
      return {all};
    }
    std::vector<Processes> result;
    for (const auto* process : all) {
      result.push_back({process});
    }
    return result;
  }

  std::optional<Kind> start_container() {
    if (!containers_) {
      return std::nullopt;
    }
    const bool started = containers_->start_container([this](pid_t pid) { return await(pid); });
    return started ? std::nullopt : interruption();
  }

  /// Exit code of a child that is no process of the plan; nothing if the run was interrupted and the child killed.
  std::optional<int> await(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, WNOHANG) == 0) {
      if (interruption()) {
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, &status, 0);
        return std::nullopt;
      }
      events_.wait(deadline_);
    }
    return exit_code_of_status(status);
  }

  /// Throws std::runtime_error if a task fails.
  std::optional<Kind> set_up() {
    if (plan_.setup.empty()) {
      return std::nullopt;
    }
    if (const auto interrupted = round(all_of(plan_.setup), true)) {
      return interrupted;
    }
    if (const auto* failed = children_.first_failed()) {
      throw std::runtime_error("the setup task of the cluster failed on " + launcher_.host_of(plan_, *failed) +
                               " with exit code " + std::to_string(children_.exit_code().value_or(1)));
    }
    children_.next_round();
    return std::nullopt;
  }

  /// Starts all and waits for those that determine the exit code, or for the first that fails. Returns what interrupted
  /// it.
  std::optional<Kind> round(const Processes& processes, bool until_first_failure) {
    events_.poll();
    if (const auto interrupted = interruption(); interrupted && !processes.empty()) {
      return interrupted;
    }
    for (const auto* process : processes) {
      children_.start(*process);
      began_ = true;
    }
    while (true) {
      children_.reap();
      if (children_.lost()) {
        return Kind::Lost;
      }
      const bool failed = children_.exit_code().value_or(0) != 0;
      if (children_.running() == 0 || (until_first_failure && failed)) {
        events_.poll();
        // When a machine is shut down the processes are signalled too: they did not fail by themselves.
        return failed && events_.stop_requested() ? std::optional(Kind::Stopped) : std::nullopt;
      }
      if (const auto interrupted = interruption()) {
        return interrupted;
      }
      over_limit_ = watch_.look();
      if (over_limit_) {
        return Kind::OverLimit;
      }
      events_.wait(next_time());
    }
  }

  std::optional<Clock::time_point> next_time() const {
    const auto look = watch_.next();
    return look && deadline_ ? std::min(*look, *deadline_) : look ? look : deadline_;
  }

  /// Processes may have ended well before the run was ended.
  std::optional<int> exit_code() const {
    const auto code = children_.exit_code();
    return over_limit_ && code.value_or(0) == 0 ? kSignalled + SIGKILL : code;
  }

  bool has_passed_file_limit(Kind kind) const {
    const bool by_itself = kind == Kind::Exited || kind == Kind::PreparationFailed;
    return by_itself && plan_.limits.file_bytes > 0 && children_.exit_code() == kSignalled + SIGXFSZ;
  }

  std::optional<Kind> interruption() const {
    if (events_.stop_requested()) {
      return Kind::Stopped;
    }
    return deadline_ && Clock::now() >= *deadline_ ? std::optional(Kind::TimedOut) : std::nullopt;
  }

  static std::string describe(Kind kind) {
    switch (kind) {
      case Kind::PreparationFailed:
        return "preparation failed";
      case Kind::TimedOut:
        return "stopped: the longest time for this run has passed";
      case Kind::Stopped:
        return "stopped on request";
      case Kind::Lost:
        return "a node of the run was lost";
      default:
        return "all processes have ended";
    }
  }

  const RunPlan& plan_;
  std::optional<Clock::time_point> deadline_;
  Events events_;
  ExecutionLog log_;
  Watch watch_;
  std::unique_ptr<ContainerLauncher> containers_;
  Launcher& launcher_;
  Children children_;
  bool began_ = false;
  /// Why the run was ended for what it used.
  std::optional<std::string> over_limit_;
};

RunOutcome run_in_folders(const RunPlan& plan, Launcher& launcher, std::optional<Clock::time_point> deadline) {
  try {
    make_run_folders(plan);
    return Run(plan, launcher, deadline).execute();
  } catch (const std::exception& error) {
    return {.kind = not_begun(error), .message = error.what()};
  }
}

}  // namespace

RunOutcome run_plan(const RunPlan& plan, Launcher& launcher) {
  const auto started = now();
  const auto deadline = plan.limit ? std::optional(Clock::now() + *plan.limit) : std::nullopt;
  auto outcome = run_in_folders(plan, launcher, deadline);
  remove_mounts(plan.mounts, writable_of(plan));
  outcome.started = started;
  outcome.ended = now();
  return outcome;
}

}  // namespace batchai::server
