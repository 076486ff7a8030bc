#pragma once

#include "batchai/core/operation.hpp"
#include "cli/app/context.hpp"
#include "cli/app/result.hpp"
#include "cli/app/waiting/outage.hpp"
#include "core/through_outages.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace batchai::cli {

/// One line about something that takes long: on a terminal it is rewritten in place and animated, also while no answer
/// comes; with --verbose it is printed on change; otherwise it is silent. The line is gone when the object is. Of
/// several only the first one is drawn. Thread-safe.
class Progress final : public StatusLine {
 public:
  Progress(const Context& context, std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() override;
  void show(const std::string& state) { show(std::vector<std::string>{state}); }
  /// The same state in several lengths, the longest first: the first that fits is drawn.
  void show(std::vector<std::string> states);
  void print_above(const std::string& line) override;

 private:
  void animate(const std::stop_token& stop);
  void draw();
  void erase();

  const Context& context_;
  const std::string what_;
  const std::chrono::steady_clock::time_point started_;
  const bool animated_;
  std::mutex mutex_;
  std::condition_variable_any next_turn_;
  std::vector<std::string> states_ = {};
  std::size_t turn_ = 0;
  bool drawn_ = false;
  std::jthread animation_;
};

/// The animated line: `| what: state (12 s)`, not wider than `columns`; `whats` get shorter.
std::string progress_line(std::size_t turn, const std::vector<std::string>& whats, Duration elapsed,
                          std::size_t columns);

/// Waits for the end of an operation, also over a restart of the service. `what` is as `creating cluster 'c'`; `hint`
/// says how to look at it later. Ctrl-C and --timeout end the waiting only, and the message says so.
template <class T>
T wait_for(Operation<T> operation, const Context& context, const std::string& what, const std::string& hint) {
  Progress progress(context, what);
  if (!operation.done()) {
    progress.show(operation.status());
  }
  ThroughOutages retry(outage_options(context), context.call(), context.host.clock, ThroughOutages::Since::kNow);
  const PollOptions polls{.on_poll = [&](const std::string& status) { progress.show(status); }};
  try {
    return retry([&] { return operation.wait(polls, context.call()); });
  } catch (const Cancelled&) {
    throw Interrupted("interrupted; " + what + " goes on in the service", hint);
  } catch (const DeadlineExceeded&) {
    throw CommandError(kFailed, "gave up " + context.after_timeout() + "; " + what + " goes on in the service", hint);
  }
}

/// The result of a command that has started `what`: the wait for its end, unless --no-wait is given.
template <class T>
Result end_of(Operation<T> operation, const Arguments& arguments, const Context& context, std::string what,
              std::string hint) {
  if (arguments.flag("no-wait")) {
    return Result::nothing();
  }
  auto shared = std::make_shared<Operation<T>>(std::move(operation));
  return {.wait = [shared, &context, what = std::move(what), hint = std::move(hint)] {
    wait_for(std::move(*shared), context, what, hint);
  }};
}

}  // namespace batchai::cli
