#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/existing.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/app/usual_columns.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/app/waiting/wait_condition.hpp"
#include "cli/requests/file_server_request.hpp"
#include "cli/resources/commands.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kFileServerType = "FileServer";

std::string disks_of(const json& item) {
  const std::string count = cell_at(item, "/dataDisks/diskCount");
  return count.empty() ? "" : count + " x " + cell_at(item, "/dataDisks/diskSizeInGb") + " Gb";
}

constexpr Column kFileServerColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    kGroupColumn,
    kWorkspaceColumn,
    {"Size", [](const json& item) { return cell_at(item, "/vmSize"); }},
    {.heading = "State",
     .cell = [](const json& item) { return cell_at(item, "/provisioningState"); },
     .only_if_known = true,
     .kind = ColumnKind::State},
    {"Disks", disks_of, true},
    {"Public IP", [](const json& item) { return cell_at(item, "/mountSettings/fileServerPublicIp"); }, true},
    {"Internal IP", [](const json& item) { return cell_at(item, "/mountSettings/fileServerInternalIp"); }, true},
    {"Mount Point", [](const json& item) { return cell_at(item, "/mountSettings/mountPoint"); }, true},
    {.heading = "Created",
     .cell = [](const json& item) { return cell_at(item, "/creationTime"); },
     .kind = ColumnKind::Moment,
     .wide = true}};

struct FileServerRef {
  const std::string& group;
  const std::string& workspace;
  const std::string& name;
};

FileServerRef file_server_of(const Arguments& arguments) {
  return {arguments.get("resource-group"), arguments.get("workspace"), arguments.get("name")};
}

std::string show_hint(const FileServerRef& ref) {
  return "see 'batchai file-server show -g " + ref.group + " -w " + ref.workspace + " -n " + ref.name + "'";
}

Result create_file_server(const Arguments& arguments, Context& context) {
  const FileServerRef ref = file_server_of(arguments);
  const FileServersClient file_servers = context.services.batchai().file_servers();
  refuse_existing([&] { return file_servers.get(ref.group, ref.workspace, ref.name, context.call()); },
                  "the file server '" + ref.name + "' already exists", show_hint(ref));
  const FileServerCreateParameters parameters = build_file_server_parameters(arguments, context);
  auto operation = file_servers.start_create(ref.group, ref.workspace, ref.name, parameters, context.call());
  if (arguments.flag("no-wait")) {
    return Result::nothing();
  }
  return Result::model(
      wait_for(std::move(operation), context, "creating the file server '" + ref.name + "'", show_hint(ref)),
      kFileServerType);
}

Result show_file_server(const Arguments& arguments, Context& context) {
  const FileServerRef ref = file_server_of(arguments);
  return Result::model(
      context.services.batchai().file_servers().get(ref.group, ref.workspace, ref.name, context.call()),
      kFileServerType);
}

Result list_file_servers(const Arguments& arguments, Context& context) {
  return Result::list(context.services.batchai().file_servers().list(arguments.get("resource-group"),
                                                                     arguments.get("workspace"), {}, context.call()),
                      kFileServerType);
}

Result remove_file_server(const Arguments& arguments, Context& context) {
  const FileServerRef ref = file_server_of(arguments);
  context.confirm(arguments, "Delete the file server '" + ref.name + "' and its data?");
  auto operation =
      context.services.batchai().file_servers().start_remove(ref.group, ref.workspace, ref.name, context.call());
  return end_of(std::move(operation), arguments, context, "deleting the file server '" + ref.name + "'",
                show_hint(ref));
}

Result wait_for_file_server(const Arguments& arguments, Context& context) {
  const FileServerRef ref = file_server_of(arguments);
  const auto read = [&](const Context& bounded) {
    return json(bounded.services.batchai().file_servers().get(ref.group, ref.workspace, ref.name, bounded.call()));
  };
  return wait_for_condition(arguments, context, {"the file server '" + ref.name + "'", kFileServerType, read});
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
  const std::vector<OptionSpec> common = workspace_options();
  const std::vector<OptionSpec> one = join(common, {name, ids_option()});
  return {{.name = "create",
           .summary = "Create a file server.",
           .options = join(join(join(common, {name}), file_server_create_options()), {no_wait_option()}),
           .run = create_file_server,
           .columns = kFileServerColumns,
           .examples = {{"Two disks",
                         "batchai file-server create -g demo -w ws -n nfs -s Standard_D2 --disk-count 2 --disk-size 10 "
                         "--storage-sku Standard_LRS"},
                        {"From a file", "batchai file-server create -g demo -w ws -n nfs -f nfs.json"}}},
          {.name = "show",
           .summary = "Show a file server.",
           .options = one,
           .run = show_file_server,
           .columns = kFileServerColumns,
           .examples = {{"By name", "batchai file-server show -g demo -w ws -n nfs"},
                        {"Its addresses and disks", "batchai file-server show -g demo -w ws -n nfs -o table"}}},
          {.name = "list",
           .summary = "List the file servers of a workspace.",
           .options = common,
           .run = list_file_servers,
           .columns = kFileServerColumns,
           .examples = {{"As a table", "batchai file-server list -g demo -w ws -o table"},
                        {"Their names alone", "batchai file-server list -g demo -w ws --query '[].name' -o tsv"}}},
          {.name = "delete",
           .summary = "Delete a file server and its data.",
           .options = join(one, {yes_option(), no_wait_option()}),
           .run = remove_file_server,
           .examples = {{"With its data", "batchai file-server delete -g demo -w ws -n nfs"},
                        {"Without a question", "batchai file-server delete -g demo -w ws -n nfs -y"}}},
          {.name = "wait",
           .summary = "Wait for a state of a file server.",
           .options = join(one, wait_options()),
           .run = wait_for_file_server,
           .examples = {{"Until it can be mounted", "batchai file-server wait -g demo -w ws -n nfs --created"},
                        {"Until it is gone", "batchai file-server wait -g demo -w ws -n nfs --deleted"}}}};
}

}  // namespace batchai::cli
