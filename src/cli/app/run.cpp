#include "cli/app/run.hpp"

#include "cli/app/dry_run/dry_run.hpp"
#include "cli/app/options.hpp"
#include "cli/app/query.hpp"
#include "cli/app/resource_ids.hpp"
#include "cli/app/result.hpp"
#include "cli/app/run_by_ids.hpp"
#include "cli/app/services.hpp"
#include "cli/app/show_result.hpp"
#include "cli/app/stale_environment.hpp"
#include "cli/app/waiting/watch.hpp"
#include "cli/frame/failure.hpp"
#include "cli/frame/help.hpp"
#include "cli/frame/parse.hpp"
#include "cli/frame/printable_stream.hpp"
#include "cli/frame/value_file.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace batchai::cli {
namespace {

std::optional<std::chrono::steady_clock::time_point> deadline_of(const GlobalOptions& options, const Clock& clock) {
  if (!options.timeout_seconds) {
    return std::nullopt;
  }
  return clock.steady_now() + std::chrono::seconds(*options.timeout_seconds);
}

/// The result that a command made from invented answers is not shown.
template <class Execute>
Result execute_dry(const Execute& execute, const Context& context) {
  try {
    Result result = collected(execute());
    return close_dry_run(context, false) ? Result::nothing(result.exit_code) : result;
  } catch (const std::exception&) {
    close_dry_run(context, true);
    throw;
  }
}

/// The format that was chosen: by an option, the environment, the profile, or by --watch, which shows a table. Empty:
/// none.
std::string output_of(const Arguments& arguments) {
  return arguments.has("output") ? arguments.get("output") : arguments.flag("watch") ? "table" : "";
}

void show_once(const Result& result, const CommandSpec& command, const Arguments& arguments,
               const std::optional<Query>& query, GlobalOptions& globals, const Context& context) {
  Streams& io = context.io;
  const bool colour = io.out_terminal && io.colour && !globals.no_color;
  const Showing showing{.command = command,
                        .arguments = arguments,
                        .globals = globals,
                        .query = query,
                        .out = io.out,
                        .coloured = colour ? &behind_filter(io.out) : nullptr,
                        .width = io.out_terminal ? std::optional(io.width) : std::nullopt,
                        .now = context.clock().now()};
  if (globals.output.empty()) {
    globals.output = format_for(result, showing);
  }
  const bool any = show_result(result, showing, [&] { context.stopping->stop(); });
  if (!any && io.out_terminal && globals.output == "table") {
    context.notice("nothing to list");
  }
  io.out.flush();
}

int run_command(const Selection& selection, Host& host) {
  const CommandSpec& command = *selection.command;
  const std::vector<OptionSpec> options = with_global_options(command, global_options());
  Arguments arguments =
      parse_arguments(options, selection.path, selection.rest, [&](const OptionSpec& option, const std::string& given) {
        return value_or_file(option, given, host.io.in, host.environment);
      });
  GlobalOptions globals = read_global_options(arguments);
  const std::optional<Query> query = globals.query ? std::optional(Query("--query", *globals.query)) : std::nullopt;
  Settings settings(host.environment, globals.profile);
  Services services(host, settings, globals, command.moves_files);
  Context context{host, host.io, globals, settings, services, deadline_of(globals, *host.clock)};
  const bool by_ids = arguments.given("ids");
  if (command.makes_profile) {
    settings.forget_profile();
  }
  if (command.mends_profiles) {
    settings.pass_over_broken_profile();
  }
  if (command.uses_settings) {
    fill_defaults(options, by_ids, settings, arguments);
  }
  resolve_workspace_id(arguments, services);
  const CallsByIds calls(by_ids ? options : std::vector<OptionSpec>(), arguments);
  check_required(by_ids ? options_beside_ids(options) : options, selection.path, arguments);
  globals.output = output_of(arguments);
  const auto execute = [&] {
    return by_ids ? run_by_ids(command, calls, context) : with_its_wait(command.run(arguments, context));
  };
  const Streams& io = host.io;
  if (is_watching(arguments)) {
    const auto render = [&] {
      std::ostringstream text;
      const auto columns = io.out_terminal ? std::optional(io.size().columns) : std::nullopt;
      show_result(collected(execute()),
                  {command, arguments, globals, query, text, nullptr, columns, context.clock().now()}, {});
      return text.str();
    };
    return watch(render, arguments, context);
  }
  const Result result = globals.dry_run ? execute_dry(execute, context) : execute();
  show_once(result, command, arguments, query, globals, context);
  return result.exit_code;
}

int report(const std::exception& error, Host& host) {
  Failure failure = describe_failure(error);
  if (const auto* transport = dynamic_cast<const TransportError*>(&error)) {
    failure.hint = stale_environment_hint(*transport, host.environment).value_or(failure.hint);
  }
  try {
    host.io.out.flush();
  } catch (const std::exception&) {
    host.io.out.clear();  // that writing fails is the error itself, or is not worth a second message
  }
  try {
    print_failure(failure, host.io.err);
  } catch (const std::exception&) {
    return failure.exit_code;  // nobody can read it; the exit code still says it
  }
  return failure.exit_code;
}

}  // namespace

int run_program(CommandTree tree, const std::vector<std::string>& words, Host& host) {
  try {
    std::vector<std::string> line = words;
    if (line.size() == 1 && line.front() == "--version") {
      line = {"version", "-o", "tsv"};
    } else if (!line.empty() && line.front() == "help") {
      line.erase(line.begin());
      line.emplace_back("--help");
    }
    const Selection selection = select_command(tree, global_options(), line);
    if (selection.help || line.empty()) {
      host.io.out << help_text(tree, global_options(), selection, host.io.width) << std::flush;
      return kDone;
    }
    if (selection.command == nullptr) {
      parse_arguments(global_options(), "", selection.rest);  // names an option that does not exist
      throw UsageError("no command given", "see 'batchai --help'");
    }
    return run_command(selection, host);
  } catch (const std::exception& error) {
    return report(error, host);
  }
}

}  // namespace batchai::cli
