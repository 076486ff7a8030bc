#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/context.hpp"
#include "batchai/core/transport.hpp"
#include "cli/config/settings.hpp"
#include "cli/frame/arguments.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/errors.hpp"
#include "cli/frame/streams.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace batchai::cli {

class Services;

/// What the program needs from outside: tests pass fakes.
struct Host {
  Streams& io;
  Environment environment;
  std::shared_ptr<Clock> clock;
  std::function<std::shared_ptr<Transport>(const TransportOptions&)> make_transport;
  /// A token that Ctrl-C cancels. The first call starts watching for it.
  std::function<CancellationToken()> interruption = [] { return CancellationToken(); };
  /// This program's own file, to find the service's program beside it.
  std::filesystem::path executable = {};
};

/// The options that every command takes.
struct GlobalOptions {
  /// Empty: none was chosen yet.
  std::string output = {};
  /// A JMESPath expression.
  std::optional<std::string> query = {};
  bool raw = false;
  bool verbose = false;
  bool debug = false;
  bool only_show_errors = false;
  bool no_color = false;
  bool dry_run = false;
  std::optional<std::string> subscription = {};
  std::optional<std::string> profile = {};
  std::optional<int> timeout_seconds = {};
};

const std::vector<OptionSpec>& global_options();
GlobalOptions read_global_options(const Arguments& arguments);

/// Ends the requests of a command: Ctrl-C does, and so does the command when it wants no more of them. Thread-safe.
class Stopping {
 public:
  CancellationToken token(const Host& host);
  void stop() { source_.cancel(); }

 private:
  CancellationSource source_;
  std::once_flag linked_;
  CancellationRegistration interruption_;
};

/// What a command works with.
struct Context {
  Host& host;
  Streams& io;
  const GlobalOptions& options;
  Settings& settings;
  Services& services;
  /// Of the whole run, from --timeout.
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  /// The changes of this machine that a dry run has printed.
  mutable std::size_t plans = 0;
  /// Shared by the copies.
  std::shared_ptr<Stopping> stopping = std::make_shared<Stopping>();

  Clock& clock() const { return *host.clock; }
  CallContext call() const { return {.cancellation = stopping->token(host), .deadline = deadline}; }
  /// Waits between two polls, and throws Cancelled or GaveUp instead of continuing. The last wait ends shortly before
  /// the end of
  /// --timeout.
  void pause(Duration duration) const;
  [[noreturn]] void give_up() const;
  /// `after 5 s`: the time of --timeout.
  std::string after_timeout() const;
  /// A line on stderr, unless --only-show-errors is given.
  void notice(const std::string& line) const;
  /// `batchai: warning: …`, unless --only-show-errors is given.
  void warn(const std::string& line) const;
  /// warn() as a function, for code without a context.
  std::function<void(const std::string& line)> warning() const {
    return [this](const std::string& line) { warn(line); };
  }
  /// A line on stderr for --verbose and --debug.
  void verbose(const std::string& line) const;
  /// In a dry run, in place of a change on this machine: a line on stdout, `dry run: would …`.
  void dry_run_action(const std::string& what) const;
  /// The same for a line that has a form of its own.
  void plan(const std::string& line) const;
  /// Asks on a terminal. Throws UsageError where there is none, CommandError on anything but yes. --yes: does nothing.
  void confirm(const Arguments& arguments, const std::string& question) const;
};

}  // namespace batchai::cli
