#pragma once

#include "batchai/core/operation.hpp"
#include "cli/app/context.hpp"

#include <string>

namespace batchai::cli {

/// One line about something that takes long: rewritten in place on a terminal, printed on change with --verbose, and
/// silent otherwise. The line is gone when the object is.
class Progress {
 public:
  Progress(const Context& context, std::string what) : context_(context), what_(std::move(what)) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();
  void show(const std::string& state);

 private:
  const Context& context_;
  std::string what_;
  std::string last_;
  std::size_t turn_ = 0;
  bool drawn_ = false;
};

/// Waits for the end of an operation. `what` is as `creating cluster 'c'`; `hint` tells how to look at it later. Ctrl-C
/// ends the waiting only, and the message says so.
template <class T>
T wait_for(Operation<T> operation, const Context& context, const std::string& what, const std::string& hint) {
  Progress progress(context, what);
  try {
    return operation.wait({.on_poll = [&](const std::string& status) { progress.show(status); }}, context.call());
  } catch (const Cancelled&) {
    throw Interrupted("interrupted; " + what + " goes on in the service", hint);
  }
}

}  // namespace batchai::cli
