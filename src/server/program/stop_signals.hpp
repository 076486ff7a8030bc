#pragma once

#include "server/program/service.hpp"

#include <csignal>

namespace batchai::server {

/// What the process does on signals. Made before the first thread.
class StopSignals {
 public:
  /// Blocks SIGTERM, SIGINT and SIGHUP in this thread and those it will start. SIGPIPE is ignored: a reader of our
  /// output who goes away must not take the service along.
  StopSignals();

  /// Returns when the service has been stopped. The first SIGTERM or SIGINT lets running requests finish, a second one
  /// cuts them off, a third one ends the process at once with 128 + its number. SIGHUP opens the log file anew; without
  /// a log file it says that the terminal is gone, and stops too, unless it is ignored (nohup).
  void run(Service& service, bool has_log_file);

 private:
  int wait();
  void escalate(Service& service);

  sigset_t signals_{};
  bool ignores_hangup_;
};

}  // namespace batchai::server
