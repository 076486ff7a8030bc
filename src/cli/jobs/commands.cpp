#include "cli/jobs/commands.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/core/http.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/poll_interval.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/app/waiting/wait_condition.hpp"
#include "cli/app/waiting/watch.hpp"
#include "cli/jobs/list.hpp"
#include "cli/jobs/submit.hpp"
#include "cli/jobs/wait.hpp"
#include "cli/jobs/waiting_reason.hpp"
#include "cli/requests/job_request.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

std::string state_of(const json& item) {
  if (cell_at(item, "/provisioningState") == "deleting") {
    return "deleting";
  }
  const std::string state = cell_at(item, "/executionState");
  const std::string reason = cell_at(item, "/waitingReason/code");
  return reason.empty() ? state : state + " (" + reason + ")";
}

/// The group or workspace of the job's cluster, where it is not the job's own.
std::string elsewhere(const json& item, const char* type) {
  std::string name = cell_from_id(item, "/cluster/id", type);
  return iequals(name, cell_from_id(item, "/id", type)) ? "" : name;
}

std::string awaited(const json& item) { return awaited_at(item, "/waitingReason"); }

constexpr Column kColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {.heading = "Experiment",
     .cell = [](const json& item) { return cell_from_id(item, "/id", "experiments"); },
     .repeats = "experiment"},
    {.heading = "Workspace",
     .cell = [](const json& item) { return cell_from_id(item, "/id", "workspaces"); },
     .repeats = "workspace"},
    {.heading = "Resource Group",
     .cell = [](const json& item) { return cell_from_id(item, "/id", "resourceGroups"); },
     .repeats = "resource-group"},
    {"Cluster", [](const json& item) { return cell_from_id(item, "/cluster/id", "clusters"); }},
    {"Cluster RG", [](const json& item) { return elsewhere(item, "resourceGroups"); }, true},
    {"Cluster Workspace", [](const json& item) { return elsewhere(item, "workspaces"); }, true},
    {.heading = "Tool", .cell = [](const json& item) { return cell_at(item, "/toolType"); }, .wide = true},
    {"Nodes", [](const json& item) { return cell_at(item, "/nodeCount"); }},
    {.heading = "State", .cell = state_of, .kind = ColumnKind::State},
    {"Exit code", [](const json& item) { return cell_at(item, "/executionInfo/exitCode"); }},
    {.heading = "Created",
     .cell = [](const json& item) { return cell_at(item, "/creationTime"); },
     .kind = ColumnKind::Moment},
    {.heading = "Ended",
     .cell = [](const json& item) { return cell_at(item, "/executionInfo/endTime"); },
     .kind = ColumnKind::Moment,
     .wide = true},
    {.heading = "Duration",
     .cell = [](const json& item) { return interval_at(item, "/executionInfo/startTime", "/executionInfo/endTime"); },
     .kind = ColumnKind::Interval},
    {.heading = "Waits for", .cell = awaited, .only_if_known = true}};

Result create(const Arguments& arguments, Context& context) {
  check_job_source(arguments);
  const JobRef ref = job_of(arguments, "name");
  refuse_existing_job(ref, context);
  return submit_job(ref, build_job_parameters(arguments, context), arguments, context);
}

Result show(const Arguments& arguments, Context& context) {
  const Job job = get_job(job_of(arguments, "name"), context);
  if (const std::string reason = waiting_text(job);
      !reason.empty() && context.io.err_terminal && !is_watching(arguments)) {
    context.notice(reason);
  }
  return Result::model(job, kJobType);
}

Result remove(const Arguments& arguments, Context& context) {
  const JobRef ref = job_of(arguments, "name");
  context.confirm(arguments, "Delete the job '" + ref.job + "'?");
  auto operation =
      context.services.batchai().jobs().start_remove(ref.group, ref.workspace, ref.experiment, ref.job, context.call());
  return end_of(std::move(operation), arguments, context, "deleting the job '" + ref.job + "'", show_job_hint(ref));
}

Result terminate(const Arguments& arguments, Context& context) {
  const JobRef ref = job_of(arguments, "name");
  context.confirm(arguments, "Terminate the job '" + ref.job + "'?");
  auto operation = context.services.batchai().jobs().start_terminate(ref.group, ref.workspace, ref.experiment, ref.job,
                                                                     context.call());
  return end_of(std::move(operation), arguments, context, "terminating the job '" + ref.job + "'", show_job_hint(ref));
}

Result wait(const Arguments& arguments, Context& context) {
  const JobRef ref = job_of(arguments, "name");
  if (names_condition(arguments)) {
    const auto read = [&](const Context& bounded) { return json(get_job(ref, bounded)); };
    return wait_for_condition(arguments, context, {"the job '" + ref.job + "'", kJobType, read});
  }
  return Result::nothing(wait_for_job(ref, poll_interval(arguments), wait_report(arguments), context));
}

}  // namespace

std::span<const Column> job_columns() { return kColumns; }

std::vector<CommandSpec> job_commands() {
  const OptionSpec name = name_option("Name of the job.", "jobs");
  const std::vector<OptionSpec> experiment{group_option(), workspace_option(), experiment_option()};
  const std::vector<OptionSpec> one = join(experiment, {name, ids_option()});
  std::vector<CommandSpec> commands{
      {.name = "create",
       .summary = "Submit a job.",
       .options = join(join(join(experiment, {name}), job_create_options()), submit_options()),
       .run = create,
       .columns = kColumns,
       .examples = {{"Submit and watch", "batchai job create -g demo -w ws -e exp -n job -c nc6 -f job.json --stream"},
                    {"Without a file",
                     "batchai job create -g demo -w ws -e exp -n job -c nc6 --command 'python3 train.py' --stream"},
                    {"With a share for this job",
                     "batchai job create -g demo -w ws -e exp -n job -c nc6 -f job.json --afs-name share"}}},
      {.name = "show",
       .summary = "Show a job.",
       .options = join(one, watch_options()),
       .run = show,
       .columns = kColumns,
       .examples = {{"By name", "batchai job show -g demo -w ws -e exp -n job"},
                    {"Its state and exit code", "batchai job show -g demo -w ws -e exp -n job -o table"}}},
      {.name = "list",
       .summary = "List the jobs of an experiment, a workspace, a cluster, or all.",
       .options = join(job_list_options(), watch_options()),
       .run = list_jobs,
       .columns = kColumns,
       .examples = {{"Of an experiment, as a table", "batchai job list -g demo -w ws -e exp -o table"},
                    {"Of a workspace, the newest first", "batchai job list -g demo -w ws"},
                    {"All that run or wait", "batchai job list -A --state running,queued -o table"},
                    {"The ten newest of a cluster", "batchai job list -g demo -w ws --cluster nc6 --top 10"},
                    {"What was submitted in the last two hours", "batchai job list -A --since 2h -o table"},
                    {"Those that failed",
                     "batchai job list -g demo -w ws -e exp --query \"[?executionState=='failed'].name\" -o tsv"}}},
      {.name = "delete",
       .summary = "Delete a job; its files stay.",
       .options = join(one, {yes_option(), no_wait_option()}),
       .run = remove,
       .examples = {{"One job", "batchai job delete -g demo -w ws -e exp -n job"},
                    {"Without a question", "batchai job delete -g demo -w ws -e exp -n job -y"}}},
      {.name = "terminate",
       .summary = "Stop a job.",
       .options = join(one, {yes_option(), no_wait_option()}),
       .run = terminate,
       .examples = {{"One job", "batchai job terminate -g demo -w ws -e exp -n job"},
                    {"Without a question, and without waiting",
                     "batchai job terminate -g demo -w ws -e exp -n job -y --no-wait"}}},
      {.name = "wait",
       .summary = "Wait for a job's end, with the job's exit code, or for another state of it.",
       .options = join(join(one, wait_options()), {log_failed_option("Print all errors of a job that has failed.")}),
       .run = wait,
       .examples = {{"Until its end", "batchai job wait -g demo -w ws -e exp -n job"},
                    {"Until it runs",
                     "batchai job wait -g demo -w ws -e exp -n job --custom "
                     "\"executionState == 'running'\""}}}};
  for (auto* more : {job_log_commands, job_resubmit_commands, job_file_commands, job_node_commands}) {
    for (CommandSpec& command : more()) {
      commands.push_back(std::move(command));
    }
  }
  return commands;
}

}  // namespace batchai::cli
