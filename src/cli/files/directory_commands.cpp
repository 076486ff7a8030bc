#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/documents.hpp"
#include "cli/files/storage.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

files::DirectoryClient open_directory(const Arguments& arguments, const Context& context) {
  const RemotePlace place = RemotePlace::parse(arguments.get("place"));
  const files::ShareClient share = open_storage(arguments, context).share(place.share);
  return place.path.empty() ? share.root() : share.directory(place.path);
}

files::DirectoryClient open_inner_directory(const Arguments& arguments, const Context& context) {
  if (RemotePlace::parse(arguments.get("place")).path.empty()) {
    throw UsageError("'" + arguments.get("place") + "' is a share: name a directory in it, as SHARE/PATH");
  }
  return open_directory(arguments, context);
}

Result create(const Arguments& arguments, Context& context) {
  const files::DirectoryClient directory = open_inner_directory(arguments, context);
  const bool created = !directory.exists(context.call());
  if (created) {
    directory.create_all(context.call());
  }
  return Result::plain({{"created", created}});
}

Result list(const Arguments& arguments, Context& context) {
  json items = json::array();
  for (const files::DirectoryEntry& entry : open_directory(arguments, context).list({}, context.call())) {
    if (entry.is_directory) {
      items.push_back(entry_document(entry));
    }
  }
  return Result::plain(std::move(items));
}

Result remove(const Arguments& arguments, Context& context) {
  const files::DirectoryClient directory = open_inner_directory(arguments, context);
  context.confirm(arguments, "Delete the directory '" + arguments.get("place") + "'?");
  directory.remove(context.call());
  return Result::plain({{"deleted", true}});
}

}  // namespace

std::vector<CommandSpec> directory_commands() {
  return {{.name = "directory create",
           .summary = "Create a directory and what is missing above it.",
           .options = join({place_option("The directory.")}, storage_options()),
           .run = create,
           .examples = {{"With what is missing above it", "batchai files directory create share/data/train"},
                        {"For what a script uploads next",
                         "batchai files directory create share/in && batchai files upload data.txt share/in"}}},
          {.name = "directory list",
           .summary = "List the directories of a directory.",
           .options = join({place_option("The directory.")}, storage_options()),
           .run = list,
           .columns = entry_columns(),
           .examples = {{"Of a share", "batchai files directory list share -o table"},
                        {"Of a directory", "batchai files directory list share/data -o table"}}},
          {.name = "directory delete",
           .summary = "Delete an empty directory.",
           .options = join({place_option("The directory."), yes_option()}, storage_options()),
           .run = remove,
           .examples = {{"An empty one", "batchai files directory delete share/data/train"},
                        {"Without a question", "batchai files directory delete share/data/train -y"}}}};
}

}  // namespace batchai::cli
