#pragma once

#include "server/program/service.hpp"

#include <csignal>

namespace batchai::server {

/// What the process does on signals. Made before the first thread.
class StopSignals {
 public:
  /// Blocks SIGTERM, SIGINT and SIGHUP in this thread and those it will start. SIGPIPE is ignored: when the reader of
  /// our output goes away the service must not end.
  StopSignals();

  /// Returns when the service has been stopped. The first SIGTERM or SIGINT lets running requests finish, a second one
  /// aborts them, a third one ends the process at once with 128 + its number. SIGHUP reopens the log file; without a
  /// log file it means that the terminal is gone, and stops too, unless it is ignored (nohup).
  void run(Service& service, bool has_log_file);

 private:
  int wait();
  void escalate(Service& service);

  sigset_t signals_{};
  bool ignores_hangup_;
};

}  // namespace batchai::server
