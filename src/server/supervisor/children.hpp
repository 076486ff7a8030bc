#pragma once

#include "server/run/engine.hpp"
#include "server/supervisor/events.hpp"
#include "server/supervisor/execution_log.hpp"
#include "server/supervisor/launcher.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include <sys/types.h>

namespace batchai::server {

/// The processes that a supervisor has started, and their descendants. The caller must be a subreaper, so that
/// every descendant that loses its parent becomes its child. Not thread-safe.
class Children {
 public:
  /// All outlive it.
  Children(const RunPlan& plan, Launcher& launcher, Events& events, ExecutionLog& log)
      : plan_(plan), launcher_(launcher), events_(events), log_(log) {}

  /// Starts a process and remembers it. Throws as Launcher::start() does.
  void start(const RunProcess& process);
  /// Notes all that have ended. Returns whether any child at all, started here or inherited, is left.
  bool reap();
  /// Number of processes started here with `determines_exit` that are still running.
  std::size_t running() const noexcept { return running_; }
  /// Code of the first process with `determines_exit` that ended with another code than 0; else 0 if one has ended;
  /// else nothing. 128 + n after signal n.
  std::optional<int> exit_code() const noexcept { return exit_code_; }
  /// Whether a process was lost with its node.
  bool lost() const noexcept { return lost_; }
  /// The first process with `determines_exit` that ended with another code than 0; null if there is none.
  const RunProcess* first_failed() const noexcept { return first_failed_; }
  /// Forgets exit codes, for the next round of processes.
  void next_round() noexcept {
    exit_code_.reset();
    first_failed_ = nullptr;
  }
  /// Ends every process below this one: SIGTERM, after `grace` SIGKILL, again and again until none is left. What the
  /// launcher keeps is closed then, and killed where it stays.
  void end_all(std::chrono::milliseconds grace);

 private:
  void note_end(pid_t pid, int status);
  bool any_left();
  bool wait_for_none(Events::Time deadline);
  void kill_all(bool kept_too);
  bool has_remote() const;
  void signal_all(int number, bool kept_too = false) const;
  void signal(pid_t pid, int number) const;

  const RunPlan& plan_;
  Launcher& launcher_;
  Events& events_;
  ExecutionLog& log_;
  std::map<pid_t, const RunProcess*> started_;
  std::size_t running_ = 0;
  std::optional<int> exit_code_;
  const RunProcess* first_failed_ = nullptr;
  bool lost_ = false;
};

}  // namespace batchai::server
