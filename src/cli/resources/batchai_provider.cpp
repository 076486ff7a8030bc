#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/resources/commands.hpp"

// What belongs to Batch AI as a whole: its quotas and operations.
namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr Column kUsageColumns[] = {{"Value", [](const json& item) { return cell_at(item, "/name/localizedValue"); }},
                                    {"Usage", [](const json& item) { return cell_at(item, "/currentValue"); }},
                                    {"Limit", [](const json& item) { return cell_at(item, "/limit"); }}};

constexpr Column kOperationColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Description", [](const json& item) { return cell_at(item, "/display/description"); }}};

Result list_usages(const Arguments& arguments, Context& context) {
  return Result::list(context.services.batchai().usages().list(arguments.get("location"), context.call()), "Usage");
}

Result list_operations(const Arguments&, Context& context) {
  return Result::list(context.services.batchai().operations().list(context.call()), "Operation");
}

}  // namespace

std::vector<CommandSpec> usages_commands() {
  OptionSpec location = location_option("Location.");
  location.required = true;
  return {{.name = "",
           .summary = "List what is in use in a location, and its limits.",
           .options = {location},
           .run = list_usages,
           .columns = kUsageColumns,
           .examples = {{"As a table", "batchai list-usages -l eastus -o table"},
                        {"Where there is a default location", "batchai list-usages"}}}};
}

std::vector<CommandSpec> operation_commands() {
  return {{.name = "list",
           .summary = "List what Batch AI can do, as access control names it.",
           .options = {},
           .run = list_operations,
           .columns = kOperationColumns,
           .examples = {{"As a table", "batchai operation list -o table"},
                        {"Those that delete something",
                         "batchai operation list --query \"[?ends_with(name, 'delete')].name\" -o tsv"}}}};
}

}  // namespace batchai::cli
