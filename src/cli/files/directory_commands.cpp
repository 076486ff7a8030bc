#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/documents.hpp"
#include "cli/files/remote_errors.hpp"
#include "cli/files/storage.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

RemotePath inner_path(const Arguments& arguments) {
  RemotePath remote = RemotePath::parse(arguments.get("place"));
  if (remote.path.empty()) {
    throw UsageError("'" + remote.to_string() + "' is a share: name a directory in it, as SHARE/PATH");
  }
  return remote;
}

Result create_directory(const Arguments& arguments, Context& context) {
  const RemotePath remote = inner_path(arguments);
  const files::ShareClient share = open_share(remote, arguments, context);
  const files::DirectoryClient directory = share.directory(remote.path);
  const bool created =
      !is_directory(share, remote, context) && explaining_refusal({share, remote, RemoteKind::Directory}, context,
                                                                  [&] { return directory.create_all(context.call()); });
  return Result::plain({{"created", created}});
}

Result list_directories(const Arguments& arguments, Context& context) {
  return {.pages = list_directory(arguments, context, true)};
}

Result remove_directory(const Arguments& arguments, Context& context) {
  const RemotePath remote = inner_path(arguments);
  const files::ShareClient share = open_share(remote, arguments, context);
  context.confirm(arguments, "Delete the directory '" + remote.to_string() + "'?");
  explaining_refusal({share, remote, RemoteKind::Directory, "'batchai files delete' deletes it"}, context,
                     [&] { share.directory(remote.path).remove(context.call()); });
  return Result::plain({{"deleted", true}});
}

}  // namespace

std::vector<CommandSpec> directory_commands() {
  return {{.name = "directory create",
           .summary = "Create a directory and what is missing above it.",
           .options = join({place_option("The directory.")}, storage_options()),
           .run = create_directory,
           .examples = {{"With what is missing above it", "batchai files directory create share/data/train"},
                        {"For what a script uploads next",
                         "batchai files directory create share/in && batchai files upload data.txt share/in"}}},
          {.name = "directory list",
           .summary = "List the directories of a directory.",
           .options = join({place_option("The directory.")}, storage_options()),
           .run = list_directories,
           .columns = entry_columns(),
           .examples = {{"Of a share", "batchai files directory list share -o table"},
                        {"Of a directory", "batchai files directory list share/data -o table"}}},
          {.name = "directory delete",
           .summary = "Delete an empty directory.",
           .options = join({place_option("The directory."), yes_option()}, storage_options()),
           .run = remove_directory,
           .examples = {{"An empty one", "batchai files directory delete share/data/train"},
                        {"Without a question", "batchai files directory delete share/data/train -y"}}}};
}

}  // namespace batchai::cli
