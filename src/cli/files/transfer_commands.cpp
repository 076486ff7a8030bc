#include "cli/app/local_files.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/remote_errors.hpp"
#include "cli/files/storage.hpp"
#include "cli/files/transfer_run.hpp"
#include "core/joined.hpp"

#include <set>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

void require_recursive(const Arguments& arguments, const std::string& remote, const char* what) {
  if (!arguments.flag("recursive")) {
    throw UsageError("'" + remote + "' is a " + what, "add -r/--recursive to copy it with all below it");
  }
}

/// A remote path that files are copied to.
class RemoteTarget {
 public:
  RemoteTarget(RemoteShares& places, const std::string& remote, std::size_t sources, const Context& context)
      : context_(context), remote_(RemotePath::parse(remote)), share_(places.share(remote_)), sources_(sources) {}

  /// Where a file of that name goes; directories above it are made.
  files::FileClient file(const std::string& name) {
    const std::string path = takes_inside() ? path_below(remote_.path, name) : remote_.path;
    const std::string parent = parent_of(path);
    if (!parent.empty() && made_.insert(parent).second) {
      make_directory({.share = remote_.share, .path = parent});
    }
    return share_.file(path);
  }
  ExpectedRemote expected() const { return {share_, remote_}; }
  /// Where a folder of that name goes; empty for its content alone.
  files::DirectoryClient directory(const std::string& name) const {
    return directory_at(share_, path_below(remote_.path, name));
  }

 private:
  /// Whether a single file goes into the target rather than taking its name.
  bool takes_inside() {
    if (!inside_) {
      inside_ = remote_.folder || sources_ > 1 || is_directory(share_, remote_, context_);
    }
    return *inside_;
  }
  /// A signature for one file does not allow it; then it is there, or the file's own refusal says that it is not.
  void make_directory(const RemotePath& directory) const {
    try {
      explaining_refusal({share_, directory, RemoteKind::Directory, "nothing can be put below it"}, context_,
                         [&] { share_.directory(directory.path).create_all(context_.call()); });
    } catch (const ServiceError& error) {
      if (error.status() != 403) {
        throw;
      }
    }
  }

  const Context& context_;
  const RemotePath remote_;
  const files::ShareClient share_;
  const std::size_t sources_;
  std::optional<bool> inside_;
  std::set<std::string> made_;
};

/// Removes the target from the positional arguments.
std::string take_target(std::vector<std::string>& places, const char* usage) {
  if (places.size() < 2) {
    throw UsageError(usage);
  }
  std::string target = std::move(places.back());
  places.pop_back();
  return target;
}

void require_there(const std::string& source, const Arguments& arguments) {
  if (const auto reason = missing_file(source)) {
    throw UsageError(*reason);
  }
  if (fs::is_directory(source)) {
    require_recursive(arguments, source, "folder");
  }
}

Result upload(const Arguments& arguments, Context& context) {
  std::vector<std::string> sources = arguments.list("places");
  const std::string remote = take_target(sources, "say what to upload and where to: FILE... SHARE[/PATH]");
  RemoteShares places(arguments, context);
  RemoteTarget target(places, remote, sources.size(), context);
  for (const std::string& source : sources) {
    require_there(source, arguments);
  }
  TransferRun run(arguments, context, "uploading", "uploaded");
  for (const fs::path source : sources) {
    const std::string name = source.filename() == "." ? "" : source.filename().string();
    if (fs::is_directory(source)) {
      run.transfer().upload_folder(source, target.directory(name));
    } else {
      run.transfer().upload(source, target.file(name));
    }
  }
  return explaining_refusal(target.expected(), context, [&] { return run.finish(); });
}

Result download(const Arguments& arguments, Context& context) {
  std::vector<std::string> sources = arguments.list("places");
  const std::string local = sources.size() > 1 ? sources.back() : ".";
  if (sources.size() > 1) {
    sources.pop_back();
  }
  std::error_code unknown;  // what is written says why
  const bool inside = sources.size() > 1 || local.ends_with('/') || fs::is_directory(local, unknown);
  RemoteShares places(arguments, context);
  TransferRun run(arguments, context, "downloading", "downloaded");
  for (const std::string& text : sources) {
    const RemotePath source = RemotePath::parse(text);
    const files::ShareClient share = places.share(source);
    if (is_directory(share, source, context)) {
      require_recursive(arguments, source.to_string(), "directory");
      const fs::path target = source.folder ? fs::path(local) : fs::path(local) / source.name();
      explaining_refusal({share, source}, context,
                         [&] { run.transfer().download_folder(directory_at(share, source.path), target); });
    } else {
      const fs::path target = inside ? fs::path(local) / source.name() : fs::path(local);
      explaining_refusal({share, source}, context, [&] { run.transfer().download(share.file(source.path), target); });
    }
  }
  return run.finish();
}

Result copy(const Arguments& arguments, Context& context) {
  std::vector<std::string> sources = arguments.list("places");
  const std::string remote = take_target(sources, "say what to copy and where to: SHARE/PATH... SHARE[/PATH]");
  RemoteShares places(arguments, context);
  RemoteTarget target(places, remote, sources.size(), context);
  TransferRun run(arguments, context, "copying", "copied");
  for (const std::string& text : sources) {
    const RemotePath source = RemotePath::parse(text);
    const files::ShareClient share = places.share(source);
    if (is_directory(share, source, context)) {
      require_recursive(arguments, source.to_string(), "directory");
      const files::DirectoryClient inner = target.directory(source.folder ? "" : source.name());
      explaining_refusal({share, source}, context,
                         [&] { run.transfer().copy_folder(directory_at(share, source.path), inner); });
    } else {
      const files::FileClient file = target.file(source.name());
      explaining_refusal({share, source}, context, [&] { run.transfer().copy(share.file(source.path), file); });
    }
  }
  return explaining_refusal(target.expected(), context, [&] { return run.finish(); });
}

OptionSpec places_option(std::string_view summary, std::string_view shown) {
  return {.name = "places",
          .summary = summary,
          .kind = OptionKind::List,
          .value_name = shown,
          .required = true,
          .positional = true};
}

std::vector<OptionSpec> all_options(OptionSpec places, const std::vector<OptionSpec>& more) {
  return join(join(join({std::move(places)}, transfer_options()), more), storage_options());
}

}  // namespace

std::vector<CommandSpec> transfer_commands() {
  const std::vector<OptionSpec> more{
      {.name = "ignore-file", .summary = "Not what its patterns match (form: .gitignore).", .value_name = "FILE"},
      {.name = "ignore",
       .summary = "Not what such a pattern matches; may be repeated.",
       .kind = OptionKind::Repeated,
       .value_name = "PATTERN"},
      {.name = "follow-links",
       .summary = "Of folders, also what symbolic links point to.",
       .kind = OptionKind::Flag,
       .group = "Transfer"}};
  return {
      {.name = "upload",
       .summary = "Upload files, or folders with -r. A folder keeps its name unless it ends in a slash. The same "
                  "command again goes on where one was interrupted.",
       .options = all_options(places_option("What to upload, and where to. A PATH that is not there is the new name of "
                                            "a lone file; with a slash at its end, a directory to be made.",
                                            "FILE... SHARE[/PATH]"),
                              more),
       .run = upload,
       .columns = summary_columns(),
       .examples = {{"Two files into a directory", "batchai files upload a.txt b.txt share/data"},
                    {"Without what a .gitignore names",
                     "batchai files upload -r src/ share/src --ignore-file src/.gitignore"},
                    {"What is new or changed, and nothing else is left there",
                     "batchai files upload -r data/ share/data --if-changed --delete"}},
       .moves_files = true},
      {.name = "download",
       .summary = "Download files, or directories with -r. A directory keeps its name unless it ends in a slash. The "
                  "same command again goes on where one was interrupted.",
       .options = all_options(
           places_option(
               "What to download, and the local target, which is this folder when only one place is named. A "
               "target that is not there is the new name of a lone file; with a slash at its end, a folder to "
               "be made.",
               "SHARE/PATH... [FOLDER]"),
           {}),
       .run = download,
       .columns = summary_columns(),
       .examples = {{"A file to this folder", "batchai files download share/data/a.txt"},
                    {"A directory", "batchai files download -r share/data local"}},
       .moves_files = true},
      {.name = "copy",
       .summary = "Copy files within the account, or directories with -r, without moving them through this machine.",
       .options =
           all_options(places_option("What to copy, and where to. A PATH that is not there is the new name of a lone "
                                     "file; with a slash at its end, a directory to be made.",
                                     "SHARE/PATH... SHARE[/PATH]"),
                       {}),
       .run = copy,
       .columns = summary_columns(),
       .examples = {{"A file to another name", "batchai files copy share/data/a.txt share/data/b.txt"},
                    {"A directory to another share", "batchai files copy -r share/data backup"}}}};
}

}  // namespace batchai::cli
