#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/existing.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/app/waiting/wait_condition.hpp"
#include "cli/requests/file_server_request.hpp"
#include "cli/resources/commands.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kType = "FileServer";

std::string disks_of(const json& item) {
  const std::string count = cell_at(item, "/dataDisks/diskCount");
  return count.empty() ? "" : count + " x " + cell_at(item, "/dataDisks/diskSizeInGb") + " Gb";
}

constexpr Column kColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Resource Group", [](const json& item) { return cell_at(item, "/resourceGroup"); }},
    {"Size", [](const json& item) { return cell_at(item, "/vmSize"); }},
    {"Disks", disks_of, true},
    {"Public IP", [](const json& item) { return cell_at(item, "/mountSettings/fileServerPublicIp"); }, true},
    {"Internal IP", [](const json& item) { return cell_at(item, "/mountSettings/fileServerInternalIp"); }, true},
    {"Mount Point", [](const json& item) { return cell_at(item, "/mountSettings/mountPoint"); }, true}};

struct Place {
  const std::string& group;
  const std::string& workspace;
  const std::string& name;
};

Place place_of(const Arguments& arguments) {
  return {arguments.get("resource-group"), arguments.get("workspace"), arguments.get("name")};
}

std::string show_hint(const Place& place) {
  return "see 'batchai file-server show -g " + place.group + " -w " + place.workspace + " -n " + place.name + "'";
}

Result create(const Arguments& arguments, Context& context) {
  const Place place = place_of(arguments);
  const FileServersClient file_servers = context.services.batchai().file_servers();
  refuse_existing([&] { file_servers.get(place.group, place.workspace, place.name, context.call()); },
                  "the file server '" + place.name + "' already exists", show_hint(place));
  const FileServerCreateParameters parameters = build_file_server_parameters(arguments, context);
  auto operation = file_servers.start_create(place.group, place.workspace, place.name, parameters, context.call());
  if (arguments.flag("no-wait")) {
    return Result::nothing();
  }
  return Result::model(
      wait_for(std::move(operation), context, "creating the file server '" + place.name + "'", show_hint(place)),
      kType);
}

Result show(const Arguments& arguments, Context& context) {
  const Place place = place_of(arguments);
  return Result::model(
      context.services.batchai().file_servers().get(place.group, place.workspace, place.name, context.call()), kType);
}

Result list(const Arguments& arguments, Context& context) {
  return Result::list(context.services.batchai().file_servers().list(arguments.get("resource-group"),
                                                                     arguments.get("workspace"), {}, context.call()),
                      kType);
}

Result remove(const Arguments& arguments, Context& context) {
  const Place place = place_of(arguments);
  context.confirm(arguments, "Delete the file server '" + place.name + "' and its data?");
  auto operation =
      context.services.batchai().file_servers().start_remove(place.group, place.workspace, place.name, context.call());
  return end_of(std::move(operation), arguments, context, "deleting the file server '" + place.name + "'",
                show_hint(place));
}

Result wait(const Arguments& arguments, Context& context) {
  const Place place = place_of(arguments);
  const auto read = [&](const Context& bounded) {
    return json(
        bounded.services.batchai().file_servers().get(place.group, place.workspace, place.name, bounded.call()));
  };
  return wait_for_condition(arguments, context, {"the file server '" + place.name + "'", kType, read});
}

/// `az batchai` has keys of its own for the defaults of this group.
std::vector<OptionSpec> workspace_options() {
  OptionSpec group = group_option();
  group.older_setting = "default_workspace_resource_group";
  OptionSpec workspace = workspace_option();
  workspace.older_setting = "default_workspace_name";
  return {group, workspace};
}

}  // namespace

std::vector<CommandSpec> file_server_commands() {
  const OptionSpec name = name_option("Name of the file server.", "fileServers");
  const std::vector<OptionSpec> place = workspace_options();
  const std::vector<OptionSpec> one = join(place, {name, ids_option()});
  return {{.name = "create",
           .summary = "Create a file server.",
           .options = join(join(join(place, {name}), file_server_create_options()), {no_wait_option()}),
           .run = create,
           .columns = kColumns,
           .examples = {{"Two disks",
                         "batchai file-server create -g demo -w ws -n nfs -s Standard_D2 --disk-count 2 --disk-size 10 "
                         "--storage-sku Standard_LRS"},
                        {"From a file", "batchai file-server create -g demo -w ws -n nfs -f nfs.json"}}},
          {.name = "show",
           .summary = "Show a file server.",
           .options = one,
           .run = show,
           .columns = kColumns,
           .examples = {{"By name", "batchai file-server show -g demo -w ws -n nfs"},
                        {"Its addresses and disks", "batchai file-server show -g demo -w ws -n nfs -o table"}}},
          {.name = "list",
           .summary = "List the file servers of a workspace.",
           .options = place,
           .run = list,
           .columns = kColumns,
           .examples = {{"As a table", "batchai file-server list -g demo -w ws -o table"},
                        {"Their names alone", "batchai file-server list -g demo -w ws --query '[].name' -o tsv"}}},
          {.name = "delete",
           .summary = "Delete a file server and its data.",
           .options = join(one, {yes_option(), no_wait_option()}),
           .run = remove,
           .examples = {{"With its data", "batchai file-server delete -g demo -w ws -n nfs"},
                        {"Without a question", "batchai file-server delete -g demo -w ws -n nfs -y"}}},
          {.name = "wait",
           .summary = "Wait for a state of a file server.",
           .options = join(one, wait_options()),
           .run = wait,
           .examples = {{"Until it can be mounted", "batchai file-server wait -g demo -w ws -n nfs --created"},
                        {"Until it is gone", "batchai file-server wait -g demo -w ws -n nfs --deleted"}}}};
}

}  // namespace batchai::cli
