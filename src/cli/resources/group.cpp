#include "batchai/arm/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/app/waiting/wait_condition.hpp"
#include "cli/resources/commands.hpp"
#include "cli/resources/tags.hpp"

namespace batchai::cli {
namespace {

constexpr std::string_view kGroupType = "ResourceGroup";

constexpr Column kGroupColumns[] = {
    {"Name", [](const nlohmann::json& item) { return cell_at(item, "/name"); }},
    {"Location", [](const nlohmann::json& item) { return cell_at(item, "/location"); }},
    {.heading = "Status",
     .cell = [](const nlohmann::json& item) { return cell_at(item, "/properties/provisioningState"); },
     .kind = ColumnKind::State}};

OptionSpec group_name() {
  OptionSpec option = group_option();
  option.name = "name";
  option.short_name = 'n';
  option.short_alias = 'g';
  option.alias = "resource-group";
  return option;
}

Result create_group(const Arguments& arguments, Context& context) {
  const ResourceGroupCreateParameters parameters{.location = arguments.get("location"),
                                                 .tags = read_tags(arguments.list("tags"))};
  return Result::model(
      context.services.arm().resource_groups().create_or_update(arguments.get("name"), parameters, context.call()),
      kGroupType);
}

Result show_group(const Arguments& arguments, Context& context) {
  return Result::model(context.services.arm().resource_groups().get(arguments.get("name"), context.call()), kGroupType);
}

Result list_groups(const Arguments&, Context& context) {
  return Result::list(context.services.arm().resource_groups().list(context.call()), kGroupType);
}

Result group_exists(const Arguments& arguments, Context& context) {
  return Result::plain(context.services.arm().resource_groups().exists(arguments.get("name"), context.call()));
}

Result remove_group(const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("name");
  context.confirm(arguments, "Delete the resource group '" + group + "' and everything in it?");
  auto operation = context.services.arm().resource_groups().start_remove(group, context.call());
  return end_of(std::move(operation), arguments, context, "deleting the resource group '" + group + "'",
                "see 'batchai group exists -n " + group + "'");
}

Result wait_for_group(const Arguments& arguments, Context& context) {
  const std::string& group = arguments.get("name");
  const auto read = [&](const Context& bounded) {
    return nlohmann::json(bounded.services.arm().resource_groups().get(group, bounded.call()));
  };
  return wait_for_condition(arguments, context, {"the resource group '" + group + "'", kGroupType, read});
}

}  // namespace

std::vector<CommandSpec> group_commands() {
  OptionSpec location = location_option("Location of the group, as eastus.");
  location.required = true;
  return {
      {.name = "create",
       .summary = "Create a resource group, or update its tags.",
       .options = {group_name(), location, tags_option("Labels, as key=value; more than one is possible.")},
       .run = create_group,
       .columns = kGroupColumns,
       .examples = {{"A group for the quickstart", "batchai group create -n demo -l eastus"},
                    {"With labels", "batchai group create -n demo -l eastus --tags owner=vision stage=test"}}},
      {.name = "show",
       .summary = "Show a resource group.",
       .options = {group_name()},
       .run = show_group,
       .columns = kGroupColumns,
       .examples = {{"One group", "batchai group show -n demo"},
                    {"Where it is", "batchai group show -n demo --query location -o tsv"}}},
      {.name = "list",
       .summary = "List the resource groups.",
       .options = {},
       .run = list_groups,
       .columns = kGroupColumns,
       .examples = {{"As a table", "batchai group list -o table"},
                    {"Their names alone", "batchai group list --query '[].name' -o tsv"}}},
      {.name = "exists",
       .summary = "Tell whether a resource group exists.",
       .options = {group_name()},
       .run = group_exists,
       .examples = {{"Prints true or false", "batchai group exists -n demo"},
                    {"In a script",
                     "test $(batchai group exists -n demo) = true || batchai group create -n demo -l eastus"}}},
      {.name = "delete",
       .summary = "Delete a resource group and everything in it.",
       .options = {group_name(), yes_option(), no_wait_option()},
       .run = remove_group,
       .examples = {{"With all that is in it", "batchai group delete -n demo"},
                    {"Without a question, and without waiting", "batchai group delete -n demo -y --no-wait"}}},
      {.name = "wait",
       .summary = "Wait for a state of a resource group.",
       .options = join({group_name()}, wait_options()),
       .run = wait_for_group,
       .examples = {{"Until it is gone", "batchai group wait -n demo --deleted"},
                    {"Until it is there, for a minute at most", "batchai group wait -n demo --exists --timeout 60"}}}};
}

}  // namespace batchai::cli
