#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/usual_columns.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/app/waiting/wait_condition.hpp"
#include "cli/resources/commands.hpp"

namespace batchai::cli {
namespace {

constexpr std::string_view kExperimentType = "Experiment";

constexpr Column kExperimentColumns[] = {{"Name", [](const nlohmann::json& item) { return cell_at(item, "/name"); }},
                                         kGroupColumn,
                                         kWorkspaceColumn,
                                         kProvisioningColumn,
                                         kCreatedColumn};

Result create_experiment(const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("resource-group");
  const std::string& workspace = arguments.get("workspace");
  const std::string& name = arguments.get("name");
  auto operation = context.services.batchai().experiments().start_create(group, workspace, name, context.call());
  return Result::model(wait_for(std::move(operation), context, "creating the experiment '" + name + "'",
                                "see 'batchai experiment show -g " + group + " -w " + workspace + " -n " + name + "'"),
                       kExperimentType);
}

Result show_experiment(const Arguments& arguments, Context& context) {
  return Result::model(
      context.services.batchai().experiments().get(arguments.get("resource-group"), arguments.get("workspace"),
                                                   arguments.get("name"), context.call()),
      kExperimentType);
}

Result list_experiments(const Arguments& arguments, Context& context) {
  return Result::list(context.services.batchai().experiments().list(arguments.get("resource-group"),
                                                                    arguments.get("workspace"), {}, context.call()),
                      kExperimentType);
}

Result remove_experiment(const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("resource-group");
  const std::string& workspace = arguments.get("workspace");
  const std::string& name = arguments.get("name");
  context.confirm(arguments, "Delete the experiment '" + name + "' and its jobs?");
  auto operation = context.services.batchai().experiments().start_remove(group, workspace, name, context.call());
  return end_of(std::move(operation), arguments, context, "deleting the experiment '" + name + "'",
                "see 'batchai experiment list -g " + group + " -w " + workspace + "'");
}

Result wait_for_experiment(const Arguments& arguments, Context& context) {
  const std::string& name = arguments.get("name");
  const auto read = [&](const Context& bounded) {
    return nlohmann::json(bounded.services.batchai().experiments().get(
        arguments.get("resource-group"), arguments.get("workspace"), name, bounded.call()));
  };
  return wait_for_condition(arguments, context, {"the experiment '" + name + "'", kExperimentType, read});
}

}  // namespace

std::vector<CommandSpec> experiment_commands() {
  const OptionSpec name = name_option("Name of the experiment.", "experiments");
  return {{.name = "create",
           .summary = "Create an experiment, which holds jobs.",
           .options = {group_option(), workspace_option(), name},
           .run = create_experiment,
           .columns = kExperimentColumns,
           .examples = {{"In a workspace", "batchai experiment create -g demo -w ws -n exp"},
                        {"In a workspace that is named by its id",
                         "batchai experiment create -n exp -w "
                         "/subscriptions/SUB/resourceGroups/demo/providers/Microsoft.BatchAI/workspaces/ws"}}},
          {.name = "show",
           .summary = "Show an experiment.",
           .options = {group_option(), workspace_option(), name, ids_option()},
           .run = show_experiment,
           .columns = kExperimentColumns,
           .examples =
               {{"By name", "batchai experiment show -g demo -w ws -n exp"},
                {"By id",
                 "batchai experiment show --ids "
                 "/subscriptions/SUB/resourceGroups/demo/providers/Microsoft.BatchAI/workspaces/ws/experiments/exp"}}},
          {.name = "list",
           .summary = "List the experiments of a workspace.",
           .options = {group_option(), workspace_option()},
           .run = list_experiments,
           .columns = kExperimentColumns,
           .examples = {{"As a table", "batchai experiment list -g demo -w ws -o table"},
                        {"Their names alone", "batchai experiment list -g demo -w ws --query '[].name' -o tsv"}}},
          {.name = "delete",
           .summary = "Delete an experiment and its jobs.",
           .options = {group_option(), workspace_option(), name, ids_option(), yes_option(), no_wait_option()},
           .run = remove_experiment,
           .examples = {{"With its jobs", "batchai experiment delete -g demo -w ws -n exp"},
                        {"Without a question", "batchai experiment delete -g demo -w ws -n exp -y"}}},
          {.name = "wait",
           .summary = "Wait for a state of an experiment.",
           .options = join({group_option(), workspace_option(), name, ids_option()}, wait_options()),
           .run = wait_for_experiment,
           .examples = {{"Until it is gone", "batchai experiment wait -g demo -w ws -n exp --deleted"},
                        {"Until it is there", "batchai experiment wait -g demo -w ws -n exp --exists"}}}};
}

}  // namespace batchai::cli
