#include "cli/jobs/commands.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/progress.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/wait_condition.hpp"
#include "cli/jobs/output_files.hpp"
#include "cli/jobs/wait.hpp"
#include "cli/requests/job_request.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kType = "Job";

std::string state_of(const json& item) {
  return cell_at(item, cell_at(item, "/provisioningState") == "deleting" ? "/provisioningState" : "/executionState");
}

constexpr Column kColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Cluster", [](const json& item) { return cell_from_id(item, "/cluster/id", "clusters"); }},
    {"Cluster RG", [](const json& item) { return cell_from_id(item, "/cluster/id", "resourceGroups"); }},
    {"Cluster Workspace", [](const json& item) { return cell_from_id(item, "/cluster/id", "workspaces"); }},
    {"Tool", [](const json& item) { return cell_at(item, "/toolType"); }},
    {"Nodes", [](const json& item) { return cell_at(item, "/nodeCount"); }},
    {"State", state_of},
    {"Exit code", [](const json& item) { return cell_at(item, "/executionInfo/exitCode"); }}};

std::string show_hint(const JobPlace& place) {
  return "see 'batchai job show " + place.options() + " -n " + place.job + "'";
}

void refuse_existing(const JobPlace& place, const Context& context) {
  try {
    get_job(place, context);
  } catch (const ServiceError& error) {
    if (error.status() == 404) {
      return;
    }
    throw;
  }
  throw CommandError(kFailed, "a job with the same name already exists in the experiment", show_hint(place));
}

/// Where the first process of the job prints; it depends on the toolkit.
std::string main_output_of(const Job& job) {
  const std::string tool = to_lower(job.tool_type.value());
  if (tool == "tensorflow") {
    return "stdout-wk-0.txt";
  }
  return tool == "caffe2" || tool == "pytorch" ? "stdout-0.txt" : "stdout.txt";
}

Result create(const Arguments& arguments, Context& context) {
  const JobPlace place = JobPlace::of(arguments, "name");
  refuse_existing(place, context);
  const JobCreateParameters parameters = build_job_parameters(arguments, context);
  auto operation = context.services.batchai().jobs().start_create(place.group, place.workspace, place.experiment,
                                                                  place.job, parameters, context.call());
  const Job job = wait_for(std::move(operation), context, "creating the job '" + place.job + "'", show_hint(place));
  if (!arguments.flag("wait") && !arguments.flag("stream")) {
    return Result::model(job, kType);
  }
  if (arguments.flag("stream")) {
    stream_file({.job = place}, main_output_of(job), context);
    const Job end = get_job(place, context);
    tell_end(end, context);
    return Result::nothing(exit_code_of(end));
  }
  const int exit_code = wait_for_job(place, Pauses(), context);
  Result result = Result::model(get_job(place, context), kType);
  result.exit_code = exit_code;
  return result;
}

Result show(const Arguments& arguments, Context& context) {
  return Result::model(get_job(JobPlace::of(arguments, "name"), context), kType);
}

Result list(const Arguments& arguments, Context& context) {
  const JobPlace place = JobPlace::of(arguments, "name");
  return Result::list(
      context.services.batchai().jobs().list(place.group, place.workspace, place.experiment, {}, context.call()),
      kType);
}

Result remove(const Arguments& arguments, Context& context) {
  const JobPlace place = JobPlace::of(arguments, "name");
  context.confirm(arguments, "Delete the job '" + place.job + "'?");
  auto operation = context.services.batchai().jobs().start_remove(place.group, place.workspace, place.experiment,
                                                                  place.job, context.call());
  if (!arguments.flag("no-wait")) {
    wait_for(std::move(operation), context, "deleting the job '" + place.job + "'", show_hint(place));
  }
  return Result::nothing();
}

Result terminate(const Arguments& arguments, Context& context) {
  const JobPlace place = JobPlace::of(arguments, "name");
  context.confirm(arguments, "Terminate the job '" + place.job + "'?");
  auto operation = context.services.batchai().jobs().start_terminate(place.group, place.workspace, place.experiment,
                                                                     place.job, context.call());
  if (!arguments.flag("no-wait")) {
    wait_for(std::move(operation), context, "terminating the job '" + place.job + "'", show_hint(place));
  }
  return Result::nothing();
}

Result wait(const Arguments& arguments, Context& context) {
  const JobPlace place = JobPlace::of(arguments, "name");
  if (names_condition(arguments)) {
    const auto read = [&](const Context& bounded) { return json(get_job(place, bounded)); };
    return wait_for_condition(arguments, context, {"the job '" + place.job + "'", kType, read});
  }
  return Result::nothing(wait_for_job(place, Pauses::of(arguments), context));
}

}  // namespace

std::vector<CommandSpec> job_commands() {
  const OptionSpec name = name_option("Name of the job.", "jobs");
  const std::vector<OptionSpec> experiment{group_option(), workspace_option(), experiment_option()};
  const std::vector<OptionSpec> one = join(experiment, {name, ids_option()});
  const OptionSpec wait_flag{
      .name = "wait", .summary = "Wait for the job's end; the exit code is then the job's.", .kind = OptionKind::Flag};
  const OptionSpec stream_flag{.name = "stream",
                               .summary = "The same, and print the job's standard output meanwhile.",
                               .kind = OptionKind::Flag};
  std::vector<CommandSpec> commands{
      {.name = "create",
       .summary = "Submit a job.",
       .options = join(join(join(experiment, {name}), job_create_options()), {wait_flag, stream_flag}),
       .run = create,
       .columns = kColumns,
       .examples = {{"Submit and watch",
                     "batchai job create -g demo -w ws -e exp -n job -c nc6 -f job.json --stream"}}},
      {.name = "show", .summary = "Show a job.", .options = one, .run = show, .columns = kColumns},
      {.name = "list",
       .summary = "List the jobs of an experiment.",
       .options = experiment,
       .run = list,
       .columns = kColumns},
      {.name = "delete",
       .summary = "Delete a job; its files stay.",
       .options = join(one, {yes_option(), no_wait_option()}),
       .run = remove},
      {.name = "terminate",
       .summary = "Stop a job.",
       .options = join(one, {yes_option(), no_wait_option()}),
       .run = terminate},
      {.name = "wait",
       .summary = "Wait for a job's end, with the job's exit code, or for another state of it.",
       .options = join(one, wait_options()),
       .run = wait,
       .examples = {{"Until its end", "batchai job wait -g demo -w ws -e exp -n job"},
                    {"Until it runs",
                     "batchai job wait -g demo -w ws -e exp -n job --custom "
                     "\"executionState == 'running'\""}}}};
  for (CommandSpec& command : job_file_commands()) {
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace batchai::cli
