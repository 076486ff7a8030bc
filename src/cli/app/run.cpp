#include "cli/app/run.hpp"

#include "batchai/models/resource_id.hpp"
#include "cli/app/dry_run.hpp"
#include "cli/app/query.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/watch.hpp"
#include "cli/frame/failure.hpp"
#include "cli/frame/help.hpp"
#include "cli/frame/parse.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/shape.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace batchai::cli {
namespace {

using nlohmann::json;

void fill_defaults(const std::vector<OptionSpec>& options, bool by_ids, Settings& settings, Arguments& arguments) {
  for (const OptionSpec& option : options) {
    if (arguments.has(option.name) || (by_ids && !option.id_part.empty())) {
      continue;
    }
    if (!option.setting.empty()) {
      if (const auto value = settings.default_of(option.setting)) {
        check_value(option, *value);
        arguments.set(option.name, {*value}, false);
        continue;
      }
    }
    if (!option.default_value.empty()) {
      arguments.set(option.name, {std::string(option.default_value)}, false);
    }
  }
}

/// The arguments of a call that names its resource by a full id. Throws UsageError for an id of something else.
Arguments with_id(const std::vector<OptionSpec>& options, Arguments arguments, const std::string& id,
                  Services& services) {
  ResourceIdParts parts;
  try {
    parts = parse_resource_id(id);
  } catch (const InvalidArgument& error) {
    throw UsageError(std::string("--ids: ") + error.what());
  }
  for (const OptionSpec& option : options) {
    if (option.id_part.empty()) {
      continue;
    }
    const std::string value = option.id_part == "resourceGroups" ? parts.group : parts.find(option.id_part);
    if (value.empty()) {
      throw UsageError("--ids: '" + id + "' names no " + std::string(option.id_part) + " part");
    }
    arguments.set(option.name, {value}, true);
  }
  services.use_subscription(parts.subscription);
  return arguments;
}

/// A resource is named in one way, so that none is deleted but the one that was meant.
void refuse_names_beside_ids(const std::vector<OptionSpec>& options, const Arguments& arguments) {
  for (const OptionSpec& option : options) {
    if (!option.id_part.empty() && arguments.given(option.name)) {
      throw UsageError("--ids: " + display_name(option) + " cannot be given beside it", "name the resource in one way");
    }
  }
}

json shaped(const Result& result, bool raw) {
  if (raw || result.type.empty() || result.value.is_discarded()) {
    return result.value;
  }
  if (!result.value.is_array()) {
    return to_output_shape(result.value, result.type);
  }
  json items = json::array();
  for (const json& item : result.value) {
    items.push_back(to_output_shape(item, result.type));
  }
  return items;
}

Result run_by_ids(const CommandSpec& command, const std::vector<OptionSpec>& options, const Arguments& arguments,
                  Context& context) {
  const std::vector<std::string>& ids = arguments.list("ids");
  std::vector<Result> results;
  for (const std::string& id : ids) {
    results.push_back(command.run(with_id(options, arguments, id, context.services), context));
  }
  if (results.size() == 1) {
    return std::move(results.front());
  }
  Result all{.value = json::array(), .type = results.front().type};
  for (Result& result : results) {
    all.exit_code = std::max(all.exit_code, result.exit_code);
    if (!result.value.is_discarded()) {
      all.value.push_back(std::move(result.value));
    }
  }
  return all.value.empty() ? Result::nothing(all.exit_code) : all;
}

std::optional<std::chrono::steady_clock::time_point> deadline_of(const GlobalOptions& options, const Clock& clock) {
  if (!options.timeout_seconds) {
    return std::nullopt;
  }
  return clock.steady_now() + std::chrono::seconds(*options.timeout_seconds);
}

/// `width`: of the terminal that `out` is on.
void print(std::ostream& out, const Result& result, const CommandSpec& command, const GlobalOptions& globals,
           const std::optional<Query>& query, bool colour, std::optional<std::size_t> width) {
  if (result.value.is_discarded()) {
    return;
  }
  const bool described = !globals.raw && !query;
  nlohmann::ordered_json value = shaped(result, globals.raw);
  if (query) {
    value = query->search(value);
  }
  print_result(out, value,
               {.format = globals.output,
                .columns = described ? command.columns : std::span<const Column>(),
                .colour = colour,
                .width = width});
}

/// What the command made of answers that nobody gave is not shown.
template <class Execute>
Result execute_dry(const Execute& execute, const Context& context) {
  try {
    Result result = execute();
    return close_dry_run(context) ? Result::nothing() : result;
  } catch (const std::exception&) {
    close_dry_run(context);
    throw;
  }
}

/// Whoever watches wants a table, unless something else was asked for.
std::string output_of(const Arguments& arguments, Settings& settings) {
  if (arguments.flag("watch") && !arguments.given("output") && !settings.default_of("output")) {
    return "table";
  }
  return arguments.has("output") ? arguments.get("output") : "json";
}

int run_command(const Selection& selection, Host& host) {
  const CommandSpec& command = *selection.command;
  const std::vector<OptionSpec> options = with_global_options(command, global_options());
  Arguments arguments = parse_arguments(options, selection.path, selection.rest);
  GlobalOptions globals = read_global_options(arguments);
  const std::optional<Query> query = globals.query ? std::optional(Query("--query", *globals.query)) : std::nullopt;
  Settings settings(host.environment, globals.profile);
  Services services(host, settings, globals);
  Context context{host, host.io, globals, settings, services, deadline_of(globals, *host.clock)};
  const bool by_ids = arguments.given("ids");
  if (command.makes_profile) {
    settings.forget_profile();
  }
  if (command.uses_settings) {
    fill_defaults(options, by_ids, settings, arguments);
  }
  if (by_ids) {
    refuse_names_beside_ids(options, arguments);
    std::vector<OptionSpec> rest;
    std::copy_if(options.begin(), options.end(), std::back_inserter(rest), [](auto& o) { return o.id_part.empty(); });
    check_required(rest, selection.path, arguments);
  } else {
    check_required(options, selection.path, arguments);
  }
  globals.output = output_of(arguments, settings);
  const auto execute = [&] {
    return by_ids ? run_by_ids(command, options, arguments, context) : command.run(arguments, context);
  };
  const Streams& io = host.io;
  if (is_watching(arguments)) {
    const auto render = [&] {
      std::ostringstream text;
      print(text, execute(), command, globals, query, false,
            io.out_terminal ? std::optional(io.size().columns) : std::nullopt);
      return text.str();
    };
    return watch(render, arguments, context);
  }
  const Result result = globals.dry_run ? execute_dry(execute, context) : execute();
  print(io.out, result, command, globals, query, io.out_terminal && io.colour && !globals.no_color,
        io.out_terminal ? std::optional(io.width) : std::nullopt);
  host.io.out.flush();
  return result.exit_code;
}

int report(const std::exception& error, Host& host) {
  const Failure failure = describe_failure(error);
  try {
    host.io.out.flush();
    if (!failure.message.empty()) {
      host.io.err << "batchai: error: " << failure.message << '\n' << failure.excerpt;
    }
    if (!failure.hint.empty()) {
      host.io.err << "batchai: hint: " << failure.hint << '\n';
    }
    host.io.err.flush();
  } catch (const std::exception&) {
    return failure.exit_code;  // nobody is there to read it; the exit code still tells
  }
  return failure.exit_code;
}

}  // namespace

int run_program(CommandTree tree, const std::vector<std::string>& words, Host& host) {
  try {
    std::vector<std::string> line = words;
    if (line.size() == 1 && line.front() == "--version") {
      line = {"version", "-o", "tsv"};
    }
    const Selection selection = select_command(tree, global_options(), line);
    if (selection.help || line.empty()) {
      host.io.out << help_text(tree, global_options(), selection, host.io.width) << std::flush;
      return kDone;
    }
    if (selection.command == nullptr) {
      throw UsageError("no command given", "see 'batchai --help'");
    }
    return run_command(selection, host);
  } catch (const std::exception& error) {
    return report(error, host);
  }
}

}  // namespace batchai::cli
