#include "cli/app/context.hpp"

#include "batchai/core/http.hpp"
#include "cli/output/printer.hpp"
#include "core/pause.hpp"
#include "core/printable.hpp"

#include <ostream>

namespace batchai::cli {

const std::vector<OptionSpec>& global_options() {
  constexpr std::string_view kGroup = "Global options";
  static const std::vector<OptionSpec> kOptions{
      {.name = "output",
       .short_name = 'o',
       .summary = "How the result is printed; default: json, and table for a list on a terminal.",
       .value_name = "FORMAT",
       .setting = "output",
       .group = kGroup,
       .choices = output_formats()},
      {.name = "query",
       .summary = "What of the result is printed, as a JMESPath expression (jmespath.org).",
       .value_name = "JMESPATH",
       .group = kGroup},
      {.name = "raw",
       .summary = "Print the service's own JSON instead of the flattened one.",
       .kind = OptionKind::Flag,
       .group = kGroup},
      {.name = "subscription",
       .summary = "Id of the subscription to use instead of the profile's.",
       .value_name = "ID",
       .group = kGroup},
      {.name = "profile",
       .summary = "Profile to use; it is then stronger than the environment.",
       .value_name = "PROFILE",
       .group = kGroup},
      {.name = "timeout",
       .summary = "Give up waiting after so many seconds.",
       .kind = OptionKind::Integer,
       .value_name = "SECONDS",
       .group = kGroup},
      {.name = "dry-run",
       .summary = "Change nothing: print the requests that would change something, and what would be done on this "
                  "machine.",
       .kind = OptionKind::Flag,
       .group = kGroup,
       .alias = "dryrun"},
      {.name = "verbose", .summary = "Tell on stderr what is going on.", .kind = OptionKind::Flag, .group = kGroup},
      {.name = "debug",
       .summary = "Tell on stderr every request and answer, too.",
       .kind = OptionKind::Flag,
       .group = kGroup},
      {.name = "only-show-errors",
       .summary = "Print no warnings and no notices.",
       .kind = OptionKind::Flag,
       .group = kGroup},
      {.name = "no-color", .summary = "Print without colour.", .kind = OptionKind::Flag, .group = kGroup},
      {.name = "help", .short_name = 'h', .summary = "Show this text.", .kind = OptionKind::Flag, .group = kGroup}};
  return kOptions;
}

GlobalOptions read_global_options(const Arguments& arguments) {
  GlobalOptions options{.query = arguments.find("query"),
                        .raw = arguments.flag("raw"),
                        .verbose = arguments.flag("verbose") || arguments.flag("debug"),
                        .debug = arguments.flag("debug"),
                        .only_show_errors = arguments.flag("only-show-errors"),
                        .no_color = arguments.flag("no-color"),
                        .dry_run = arguments.flag("dry-run"),
                        .subscription = arguments.find("subscription"),
                        .profile = arguments.find("profile"),
                        .timeout_seconds = arguments.integer("timeout")};
  if (options.timeout_seconds && *options.timeout_seconds <= 0) {
    throw UsageError("--timeout: " + std::to_string(*options.timeout_seconds) + " is not a number of seconds above 0");
  }
  return options;
}

CancellationToken Stopping::token(const Host& host) {
  std::call_once(linked_, [&] {
    interruption_ = host.interruption().on_cancel([source = source_]() mutable { source.cancel(); });
  });
  return source_.token();
}

void Context::pause(Duration duration) const {
  if (!pause_between_looks(duration, call(), clock())) {
    give_up();
  }
}

void Context::give_up() const { throw GaveUp("gave up " + after_timeout() + " (--timeout)"); }

std::string Context::after_timeout() const {
  return "after " + std::to_string(options.timeout_seconds.value_or(0)) + " s";
}

void Context::notice(const std::string& line) const {
  if (!options.only_show_errors) {
    io.print_line(line);
  }
}

void Context::warn(const std::string& line) const { notice("batchai: warning: " + printable_line(line)); }

void Context::verbose(const std::string& line) const {
  if (options.verbose) {
    notice(printable_line(line));
  }
}

void Context::dry_run_action(const std::string& what) const { plan("dry run: would " + what); }

void Context::plan(const std::string& line) const {
  io.out << printable_line(line) << '\n';
  ++plans;
}

void Context::confirm(const Arguments& arguments, const std::string& question) const {
  if (arguments.flag("yes") || options.dry_run) {
    return;
  }
  if (!io.in_terminal || !io.err_terminal) {
    throw UsageError("this needs a confirmation, and there is no terminal to ask on", "add -y/--yes");
  }
  io.err << printable_line(question) << " [y/N]: " << std::flush;
  std::string answer;
  std::getline(io.in, answer);
  if (!iequals(answer, "y") && !iequals(answer, "yes")) {
    throw CommandError(kFailed, "not confirmed; nothing was changed");
  }
}

}  // namespace batchai::cli
