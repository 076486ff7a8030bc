#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/since.hpp"
#include "cli/jobs/commands.hpp"
#include "cli/jobs/describe.hpp"
#include "cli/jobs/log_stream.hpp"

namespace batchai::cli {
namespace {

std::optional<std::size_t> tail_in(const Arguments& arguments) {
  const auto lines = arguments.integer("tail");
  if (lines && *lines < 0) {
    throw UsageError("--tail: the number of lines must not be below 0");
  }
  return lines ? std::optional<std::size_t>(*lines) : std::nullopt;
}

Result show_logs(const Arguments& arguments, Context& context) {
  LogChoice choice{.all = arguments.flag("all"), .follow = arguments.flag("follow"), .tail = tail_in(arguments)};
  if (const auto since = arguments.find("since")) {
    choice.since = moment_of("--since", *since, context.clock().now());
  }
  print_logs(job_of(arguments, "name"), choice, context);
  return Result::nothing();
}

Result describe_one(const Arguments& arguments, Context& context) {
  describe_job(job_of(arguments, "name"), context);
  return Result::nothing();
}

}  // namespace

std::vector<CommandSpec> job_log_commands() {
  const std::vector<OptionSpec> one{group_option(), workspace_option(), experiment_option(),
                                    name_option("Name of the job.", "jobs")};
  return {
      {.name = "logs",
       .summary = "Print what a job has written to standard output and error.",
       .options = join(one, {{.name = "follow",
                              .short_name = 'f',
                              .summary = "Print what is still to come, too, until the job's end.",
                              .kind = OptionKind::Flag},
                             {.name = "all",
                              .summary = "Of all processes and of the preparation, with the name of the process before "
                                         "each line; default: of the first process.",
                              .kind = OptionKind::Flag},
                             {.name = "tail",
                              .summary = "Only the last lines of each file.",
                              .kind = OptionKind::Integer,
                              .value_name = "N"},
                             {.name = "since",
                              .summary = "Only files that were written to since then, as 10m, 2h or a moment.",
                              .value_name = "TIME"}}),
       .run = show_logs,
       .examples = {{"All of it", "batchai job logs -g demo -w ws -e exp -n job"},
                    {"The last lines of all processes, and what comes",
                     "batchai job logs -g demo -w ws -e exp -n job --all --tail 5 -f"},
                    {"Errors alone", "batchai job logs -g demo -w ws -e exp -n job > /dev/null"}}},
      {.name = "describe",
       .summary = "Tell a job's states, reasons, nodes, paths and last lines, for people.",
       .options = one,
       .run = describe_one,
       .examples = {{"Why it waits or has failed", "batchai job describe -g demo -w ws -e exp -n job"},
                    {"Into a file, for a question", "batchai job describe -g demo -w ws -e exp -n job > job.txt"}}}};
}

}  // namespace batchai::cli
