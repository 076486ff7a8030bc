#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/documents.hpp"
#include "cli/files/print_file.hpp"
#include "cli/files/remote_errors.hpp"
#include "cli/files/storage.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

RemotePath file_path(const Arguments& arguments) {
  RemotePath remote = RemotePath::parse(arguments.get("place"));
  if (remote.path.empty()) {
    throw UsageError("'" + remote.to_string() + "' is a share: name a file in it, as SHARE/PATH");
  }
  return remote;
}

files::FileProperties look_at_file(const files::ShareClient& share, const RemotePath& remote, const Context& context) {
  return explaining_refusal({share, remote, RemoteKind::File, "'batchai files list' lists it"}, context,
                            [&] { return share.file(remote.path).get_properties(context.call()); });
}

Result list(const Arguments& arguments, Context& context) { return {.pages = list_directory(arguments, context)}; }

Result show(const Arguments& arguments, Context& context) {
  const RemotePath remote = file_path(arguments);
  const files::ShareClient share = open_share(remote, arguments, context);
  return Result::plain(file_document(remote.name(), look_at_file(share, remote, context)));
}

Result cat(const Arguments& arguments, Context& context) {
  const RemotePath remote = file_path(arguments);
  const files::ShareClient share = open_share(remote, arguments, context);
  print_file(share.file(remote.path), look_at_file(share, remote, context), context);
  return Result::nothing();
}

/// Deletes a directory with everything below it. Reports what cannot be deleted and continues with the rest.
class TreeRemoval {
 public:
  TreeRemoval(std::string share, const Context& context) : share_(std::move(share)), context_(context) {}

  /// Whether nothing is left of it.
  bool remove(const files::DirectoryClient& directory) {
    bool empty = true;
    const bool listed = guarded(directory.path(), [&] {
      // Listed to the end first: removing while paging would skip entries.
      for (const files::DirectoryEntry& entry : directory.list({}, context_.call()).to_vector()) {
        empty = remove_entry(directory, entry) && empty;
      }
    });
    return listed && empty && guarded(directory.path(), [&] { directory.remove(context_.call()); });
  }
  Result finish() const {
    if (failed_ > 0) {
      context_.io.print_line("batchai: error: " + std::to_string(failed_) + (failed_ == 1 ? " entry" : " entries") +
                             " could not be deleted, named above");
    }
    Result result = Result::plain({{"deleted", failed_ == 0}});
    result.exit_code = failed_ == 0 ? kDone : kFailed;
    return result;
  }

 private:
  bool remove_entry(const files::DirectoryClient& directory, const files::DirectoryEntry& entry) {
    bool removed = true;
    const bool tried = guarded(directory.path() + "/" + entry.name, [&] {
      if (entry.is_directory) {
        removed = remove(directory.directory(entry.name));
      } else {
        directory.file(entry.name).remove(context_.call());
      }
    });
    return tried && removed;
  }
  /// False: it failed, which has been reported.
  template <class Step>
  bool guarded(const std::string& path, const Step& step) {
    try {
      step();
      return true;
    } catch (const ServiceError& error) {
      note(path, error);
    } catch (const InvalidArgument& error) {
      note(path, error);
    } catch (const ProtocolError& error) {
      note(path, error);
    }
    return false;
  }
  void note(const std::string& path, const Error& error) {
    ++failed_;
    context_.io.print_line("batchai: error: " + share_ + "/" + path + ": " + error.what());
  }

  const std::string share_;
  const Context& context_;
  std::size_t failed_ = 0;
};

Result remove(const Arguments& arguments, Context& context) {
  const RemotePath remote = file_path(arguments);
  const files::ShareClient share = open_share(remote, arguments, context);
  const bool recursive = arguments.flag("recursive");
  context.confirm(arguments, "Delete '" + remote.to_string() + "'" + (recursive ? " and everything below it?" : "?"));
  if (recursive && is_directory(share, remote, context)) {
    TreeRemoval removal(remote.share, context);
    removal.remove(share.directory(remote.path));
    return removal.finish();
  }
  explaining_refusal({share, remote, recursive ? RemoteKind::Either : RemoteKind::File,
                      "add -r/--recursive to delete it with all below it"},
                     context, [&] { share.file(remote.path).remove(context.call()); });
  return Result::plain({{"deleted", true}});
}

Result url(const Arguments& arguments, Context& context) {
  const RemotePath remote = RemotePath::parse(arguments.get("place"));
  const int minutes = arguments.integer("expiry").value_or(60);
  if (minutes <= 0) {
    throw UsageError("--expiry: the number of minutes must be above 0");
  }
  const files::SasOptions options{.permissions = arguments.get("permissions"),
                                  .expiry = context.clock().now() + std::chrono::minutes(minutes)};
  const files::ShareClient share = open_share(remote, arguments, context);
  return Result::plain(
      (remote.path.empty() ? share.sas_url(options) : share.file(remote.path).sas_url(options)).to_string());
}

}  // namespace

std::vector<CommandSpec> files_commands() {
  const OptionSpec recursive{.name = "recursive",
                             .short_name = 'r',
                             .summary = "Delete a directory with everything in it.",
                             .kind = OptionKind::Flag};
  const OptionSpec expiry{.name = "expiry",
                          .summary = "Minutes that it lasts.",
                          .kind = OptionKind::Integer,
                          .value_name = "MINUTES",
                          .default_value = "60"};
  const OptionSpec permissions{.name = "permissions",
                               .summary = "What it allows: letters out of rcwdl.",
                               .value_name = "LETTERS",
                               .default_value = "r"};
  std::vector<CommandSpec> commands = share_commands();
  for (auto* more : {directory_commands, transfer_commands}) {
    for (CommandSpec& command : more()) {
      commands.push_back(std::move(command));
    }
  }
  const auto file = place_option("The file.");
  commands.insert(
      commands.end(),
      {{.name = "list",
        .summary = "List files and directories.",
        .options = join({place_option("Share or directory.")}, storage_options()),
        .run = list,
        .columns = entry_columns(),
        .examples = {{"Of a share", "batchai files list share -o table"},
                     {"Of a directory", "batchai files list share/data -o table"}}},
       {.name = "show",
        .summary = "Show a file's properties.",
        .options = join({file}, storage_options()),
        .run = show,
        .columns = entry_columns(),
        .examples = {{"Its size and times", "batchai files show share/data/a.txt"},
                     {"Its size alone", "batchai files show share/data/a.txt --query contentLength -o tsv"}}},
       {.name = "cat",
        .summary = "Print a file.",
        .options = join({file}, storage_options()),
        .run = cat,
        .examples = {{"On the screen", "batchai files cat share/data/a.txt"},
                     {"Through a program", "batchai files cat share/data/a.txt | head"}}},
       {.name = "delete",
        .summary = "Delete a file, or a directory with -r.",
        .options = join({place_option("File or directory."), recursive, yes_option()}, storage_options()),
        .run = remove,
        .examples = {{"A file", "batchai files delete share/data/a.txt"},
                     {"A directory with everything in it", "batchai files delete -r share/data"}}},
       {.name = "url",
        .summary = "Make a signed URL for a file or share. Whoever has it can use it.",
        .options = join({place_option("File or share."), expiry, permissions}, storage_options()),
        .run = url,
        .examples = {
            {"To download a file within the hour", "batchai files url share/data/a.txt"},
            {"To write, too, for a day", "batchai files url share/data/a.txt --permissions rw --expiry 1440"}}}});
  return commands;
}

}  // namespace batchai::cli
