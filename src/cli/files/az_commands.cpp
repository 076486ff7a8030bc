#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/files/az_arguments.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/documents.hpp"
#include "cli/files/storage.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

using nlohmann::json;

Result az_list(const Arguments& arguments, Context& context) {
  Result result = run_files_command("list", with_place(arguments, "path"), context);
  if (!arguments.flag("exclude-dir")) {
    return result;
  }
  result.pages = [all = std::move(result.pages)] {
    ItemPage page = all();
    std::erase_if(page.items.get_ref<json::array_t&>(),
                  [](const json& item) { return item.value("fileType", "") == "directory"; });
    return page;
  };
  return result;
}

Result az_show(const Arguments& arguments, Context& context) {
  return run_files_command("show", with_place(arguments, "path"), context);
}

Result az_remove(const Arguments& arguments, Context& context) {
  return run_files_command("delete", with_flag(with_place(arguments, "path"), "yes"), context);
}

Result exists_document(bool exists) { return Result::plain({{"exists", exists}}); }

Result az_file_exists(const Arguments& arguments, Context& context) {
  const RemotePath remote = RemotePath::parse(place_of(arguments, "share-name", "path"));
  return exists_document(open_share(remote, arguments, context).file(remote.path).exists(context.call()));
}

Result az_directory_exists(const Arguments& arguments, Context& context) {
  const RemotePath remote = RemotePath::parse(place_of(arguments, "share-name", "name"));
  return exists_document(directory_at(open_share(remote, arguments, context), remote.path).exists(context.call()));
}

Result az_share_exists(const Arguments& arguments, Context& context) {
  const RemotePath remote = RemotePath::parse(arguments.get("name"));
  return exists_document(open_share(remote, arguments, context).exists(context.call()));
}

Result az_create_directory(const Arguments& arguments, Context& context) {
  return run_files_command("directory create", with_place(arguments, "name"), context);
}

Result az_list_directories(const Arguments& arguments, Context& context) {
  return run_files_command("directory list", with_place(arguments, "name"), context);
}

Result az_remove_directory(const Arguments& arguments, Context& context) {
  return run_files_command("directory delete", with_flag(with_place(arguments, "name"), "yes"), context);
}

std::vector<CommandSpec> az_file_commands() {
  std::vector<CommandSpec> commands = az_transfer_commands();
  const auto share = az_share_option();
  const auto file = needed(az_path_option("The file."));
  const std::vector<CommandSpec> others{
      az_command("file list", "List files and directories, as 'files list' does.",
                 {share,
                  az_path_option("The directory."),
                  {.name = "exclude-dir", .summary = "Files only.", .kind = OptionKind::Flag}},
                 az_list, entry_columns(),
                 {{"Of a directory", "batchai storage file list -s share -p data -o table"},
                  {"Without directories", "batchai storage file list -s share --exclude-dir"}}),
      az_command("file show", "Show a file's properties, as 'files show' does.", {share, file}, az_show,
                 entry_columns(),
                 {{"Its size alone", "batchai storage file show -s share -p a.txt --query contentLength"},
                  {"All of them", "batchai storage file show -s share -p data/a.txt"}}),
      az_command("file exists", "Say whether there is such a file.", {share, file}, az_file_exists, {},
                 {{"As az has it", "batchai storage file exists -s share -p data/a.txt"},
                  {"For a script", "batchai storage file exists -s share -p data/a.txt --query exists -o tsv"}}),
      az_command("file delete", "Delete a file without a question, as 'files delete -y' does.", {share, file},
                 az_remove, {},
                 {{"One file", "batchai storage file delete -s share -p data/a.txt"},
                  {"In full", "batchai storage file delete --share-name share --path data/a.txt"}})};
  commands.insert(commands.end(), others.begin(), others.end());
  return commands;
}

Result az_remove_share(const Arguments& arguments, Context& context) {
  return run_files_command("share delete", with_flag(arguments, "yes"), context);
}

/// A command of `files` with az's options alone.
CommandSpec az_share_command(std::string_view name, std::string_view summary, std::vector<Example> examples) {
  CommandSpec command = files_command(name);
  command.summary = summary;
  command.examples = std::move(examples);
  std::erase_if(command.options, [](const OptionSpec& option) { return option.positional || option.name == "yes"; });
  for (OptionSpec& option : command.options) {
    if (option.name == "name") {
      option.summary = "The share.";
      option.required = true;
    }
  }
  return command;
}

std::vector<CommandSpec> az_share_commands() {
  std::vector<CommandSpec> commands{
      az_share_command("share create", "Create a share, unless it is there.",
                       {{"At most 100 GiB", "batchai storage share create -n share --quota 100"},
                        {"Unless it is there", "batchai storage share create -n share"}}),
      az_share_command("share list", "List the shares.",
                       {{"As a table", "batchai storage share list -o table"},
                        {"Some of them", "batchai storage share list --prefix train"}}),
      az_share_command("share show", "Show a share.",
                       {{"Its quota and metadata", "batchai storage share show -n share"},
                        {"Its quota alone", "batchai storage share show -n share --query quota -o tsv"}}),
      az_share_command("share delete", "Delete a share and all its files without a question.",
                       {{"With all its files", "batchai storage share delete -n share"},
                        {"Of another account", "batchai storage share delete -n share --account-name data"}}),
      az_command("share exists", "Say whether there is such a share.",
                 {needed(az_option("name", 'n', "The share.", "SHARE"))}, az_share_exists, {},
                 {{"As az has it", "batchai storage share exists -n share"},
                  {"For a script", "batchai storage share exists -n share --query exists -o tsv"}})};
  const auto deletes = std::find_if(commands.begin(), commands.end(),
                                    [](const CommandSpec& command) { return command.name == "share delete"; });
  deletes->run = az_remove_share;
  return commands;
}

std::vector<CommandSpec> az_directory_commands() {
  const auto share = az_share_option();
  const auto directory = az_option("name", 'n', "The directory.", "PATH");
  return {
      az_command("directory create", "Create a directory, as 'files directory create' does.",
                 {share, needed(directory)}, az_create_directory, {},
                 {{"With what is missing above it", "batchai storage directory create -s share -n data/train"},
                  {"At the top", "batchai storage directory create -s share -n data"}}),
      az_command("directory list", "List directories, as 'files directory list' does.", {share, directory},
                 az_list_directories, entry_columns(),
                 {{"Of a share", "batchai storage directory list -s share -o table"},
                  {"Of a directory", "batchai storage directory list -s share -n data -o table"}}),
      az_command("directory exists", "Say whether there is such a directory.", {share, needed(directory)},
                 az_directory_exists, {},
                 {{"As az has it", "batchai storage directory exists -s share -n data"},
                  {"For a script", "batchai storage directory exists -s share -n data --query exists -o tsv"}}),
      az_command("directory delete", "Delete an empty directory without a question.", {share, needed(directory)},
                 az_remove_directory, {},
                 {{"One directory", "batchai storage directory delete -s share -n data/train"},
                  {"In full", "batchai storage directory delete --share-name share --name data"}}),
  };
}

}  // namespace

std::vector<CommandSpec> az_storage_commands() {
  std::vector<CommandSpec> commands = az_file_commands();
  for (auto* more : {az_directory_commands, az_share_commands}) {
    for (CommandSpec& command : more()) {
      commands.push_back(std::move(command));
    }
  }
  return commands;
}

}  // namespace batchai::cli
