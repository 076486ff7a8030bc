#include "batchai/arm/client.hpp"
#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/usual_columns.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/app/waiting/wait_condition.hpp"
#include "cli/resources/commands.hpp"
#include "cli/resources/tags.hpp"

namespace batchai::cli {
namespace {

constexpr std::string_view kWorkspaceType = "Workspace";

constexpr Column kWorkspaceColumns[] = {
    {"Name", [](const nlohmann::json& item) { return cell_at(item, "/name"); }},
    kGroupColumn,
    {"Location", [](const nlohmann::json& item) { return cell_at(item, "/location"); }},
    kProvisioningColumn,
    kCreatedColumn};

/// In this group the workspace is the option that other groups call the name.
OptionSpec workspace_name() {
  OptionSpec option = workspace_option();
  option.short_name = 'n';
  option.setting = {};
  return option;
}

Result create_workspace(const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("resource-group");
  const std::string& workspace = arguments.get("workspace");
  WorkspaceCreateParameters parameters{.location = arguments.get("location")};
  if (parameters.location.empty()) {
    parameters.location = context.services.arm().resource_groups().get(group, context.call()).location;
  }
  auto operation = context.services.batchai().workspaces().start_create(group, workspace, parameters, context.call());
  return Result::model(wait_for(std::move(operation), context, "creating the workspace '" + workspace + "'",
                                "see 'batchai workspace show -g " + group + " -n " + workspace + "'"),
                       kWorkspaceType);
}

Result show_workspace(const Arguments& arguments, Context& context) {
  return Result::model(context.services.batchai().workspaces().get(arguments.get("resource-group"),
                                                                   arguments.get("workspace"), context.call()),
                       kWorkspaceType);
}

Result list_workspaces(const Arguments& arguments, Context& context) {
  const WorkspacesClient workspaces = context.services.batchai().workspaces();
  return Result::list(arguments.has("resource-group")
                          ? workspaces.list_by_group(arguments.get("resource-group"), {}, context.call())
                          : workspaces.list({}, context.call()),
                      kWorkspaceType);
}

Result update_workspace(const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("resource-group");
  const std::string& workspace = arguments.get("workspace");
  const bool replaces = arguments.given("tags");
  if (!replaces && !arguments.given("set") && !arguments.given("remove")) {
    throw UsageError("nothing to update", "use --set tags.KEY=VALUE, --remove tags.KEY, or --tags KEY=VALUE");
  }
  const WorkspacesClient workspaces = context.services.batchai().workspaces();
  Tags tags = replaces ? read_tags(arguments.list("tags")) : workspaces.get(group, workspace, context.call()).tags;
  change_tags(tags, arguments.list("set"), arguments.list("remove"));
  return Result::model(workspaces.update(group, workspace, {.tags = std::move(tags)}, context.call()), kWorkspaceType);
}

Result remove_workspace(const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("resource-group");
  const std::string& workspace = arguments.get("workspace");
  context.confirm(arguments, "Delete the workspace '" + workspace + "' and everything in it?");
  auto operation = context.services.batchai().workspaces().start_remove(group, workspace, context.call());
  return end_of(std::move(operation), arguments, context, "deleting the workspace '" + workspace + "'",
                "see 'batchai workspace list -g " + group + "'");
}

Result wait_for_workspace(const Arguments& arguments, Context& context) {
  const std::string& workspace = arguments.get("workspace");
  const auto read = [&](const Context& bounded) {
    return nlohmann::json(
        bounded.services.batchai().workspaces().get(arguments.get("resource-group"), workspace, bounded.call()));
  };
  return wait_for_condition(arguments, context, {"the workspace '" + workspace + "'", kWorkspaceType, read});
}

}  // namespace

std::vector<CommandSpec> workspace_commands() {
  OptionSpec optional_group = group_option();
  optional_group.required = false;
  return {
      {.name = "create",
       .summary = "Create a workspace.",
       .options = {group_option(), workspace_name(), location_option("Location; default: that of the resource group.")},
       .run = create_workspace,
       .columns = kWorkspaceColumns,
       .examples = {{"Where the group is", "batchai workspace create -g demo -n ws"},
                    {"In another location", "batchai workspace create -g demo -n ws -l westus2"}}},
      {.name = "show",
       .summary = "Show a workspace.",
       .options = {group_option(), workspace_name(), ids_option()},
       .run = show_workspace,
       .columns = kWorkspaceColumns,
       .examples = {{"By name", "batchai workspace show -g demo -n ws"},
                    {"By id",
                     "batchai workspace show --ids "
                     "/subscriptions/SUB/resourceGroups/demo/providers/Microsoft.BatchAI/workspaces/ws"}}},
      {.name = "list",
       .summary = "List the workspaces of a resource group, or of the subscription.",
       .options = {optional_group},
       .run = list_workspaces,
       .columns = kWorkspaceColumns,
       .examples = {{"Of a group", "batchai workspace list -g demo -o table"},
                    {"Of the subscription", "batchai workspace list -o table"}}},
      {.name = "update",
       .summary = "Change the tags of a workspace.",
       .options = {group_option(),
                   workspace_name(),
                   ids_option(),
                   tags_option("Labels that replace all there are, as KEY=VALUE."),
                   {.name = "set",
                    .summary = "Labels to add or change, as tags.KEY=VALUE.",
                    .kind = OptionKind::List,
                    .value_name = "TAG"},
                   {.name = "remove",
                    .summary = "Labels to take away, as tags.KEY.",
                    .kind = OptionKind::List,
                    .value_name = "TAG"}},
       .run = update_workspace,
       .columns = kWorkspaceColumns,
       .examples = {{"Say whose it is", "batchai workspace update -g demo -n ws --set tags.owner=vision"},
                    {"Take a label away", "batchai workspace update -g demo -n ws --remove tags.owner"}}},
      {.name = "delete",
       .summary = "Delete a workspace and everything in it.",
       .options = {group_option(), workspace_name(), ids_option(), yes_option(), no_wait_option()},
       .run = remove_workspace,
       .examples = {{"With its clusters, experiments and jobs", "batchai workspace delete -g demo -n ws"},
                    {"Without a question", "batchai workspace delete -g demo -n ws -y"}}},
      {.name = "wait",
       .summary = "Wait for a state of a workspace.",
       .options = join({group_option(), workspace_name(), ids_option()}, wait_options()),
       .run = wait_for_workspace,
       .examples = {{"Until it can be used", "batchai workspace wait -g demo -n ws --created"},
                    {"Until it is there", "batchai workspace wait -g demo -n ws --exists"}}}};
}

}  // namespace batchai::cli
