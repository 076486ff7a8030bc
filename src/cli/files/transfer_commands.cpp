#include "batchai/files/transfer.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/progress.hpp"
#include "cli/app/result.hpp"
#include "cli/files/commands.hpp"
#include "cli/files/filter.hpp"
#include "cli/files/storage.hpp"

#include <set>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr Column kColumns[] = {{"Source", [](const json& item) { return cell_at(item, "/source"); }},
                               {"Target", [](const json& item) { return cell_at(item, "/target"); }},
                               {"Size", [](const json& item) { return cell_at(item, "/size"); }}};

/// One file to be copied. The remote path is below the share.
struct Transfer {
  fs::path local;
  std::string remote;
};

Filter filter_of(const Arguments& arguments) { return {arguments.list("pattern"), arguments.list("exclude")}; }

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() || name.empty() ? folder + name : folder + "/" + name;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

/// The plan for one local folder: it keeps its name, unless it is written with a slash at its end.
void plan_folder(const fs::path& source, const std::string& target, const Filter& filter, const Context& context,
                 std::vector<Transfer>& plan) {
  const std::string base = joined(target, source.filename() == "." ? "" : source.filename().string());
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(source)) {
    const std::string relative = entry.path().lexically_relative(source).generic_string();
    if (entry.is_directory() || !filter.accepts(relative)) {
      continue;
    }
    if (entry.is_regular_file()) {
      plan.push_back({entry.path(), joined(base, relative)});
    } else {
      context.warn("'" + entry.path().string() + "' is no regular file; left out");
    }
  }
}

/// Whether a lone file goes into the target rather than taking its name.
bool is_folder(const files::ShareClient& share, const RemotePlace& target, std::size_t sources,
               const Context& context) {
  return target.path.empty() || target.folder || sources > 1 || share.directory(target.path).exists(context.call());
}

std::vector<Transfer> plan_uploads(const std::vector<std::string>& sources, const files::ShareClient& share,
                                   const RemotePlace& target, const Arguments& arguments, const Context& context) {
  const Filter filter = filter_of(arguments);
  std::vector<Transfer> plan;
  for (const std::string& source : sources) {
    if (fs::is_directory(source)) {
      if (!arguments.flag("recursive")) {
        throw UsageError("'" + source + "' is a folder", "add -r/--recursive to copy it with all below it");
      }
      plan_folder(source, target.path, filter, context, plan);
    } else if (!fs::exists(source)) {
      throw UsageError("there is no file '" + source + "'");
    } else if (const std::string name = fs::path(source).filename().string(); filter.accepts(name)) {
      const bool inside = is_folder(share, target, sources.size(), context);
      plan.push_back({source, inside ? joined(target.path, name) : target.path});
    }
  }
  return plan;
}

void make_directories(const files::ShareClient& share, const std::vector<Transfer>& plan, const Context& context) {
  std::set<std::string> folders;
  for (const Transfer& transfer : plan) {
    if (const std::string folder = parent_of(transfer.remote); !folder.empty() && folders.insert(folder).second) {
      share.directory(folder).create_all(context.call());
    }
  }
}

files::TransferOptions options_of(Progress& progress) {
  return {.on_progress = [&progress](const files::TransferProgress& state) {
    progress.show(std::to_string(state.done) + " of " + std::to_string(state.total) + " bytes");
  }};
}

Result upload(const Arguments& arguments, Context& context) {
  std::vector<std::string> sources = arguments.list("places");
  if (sources.size() < 2) {
    throw UsageError("say what to upload and where to: FILE... SHARE[/PATH]");
  }
  const RemotePlace target = RemotePlace::parse(sources.back());
  sources.pop_back();
  const files::ShareClient share = open_storage(arguments, context).share(target.share);
  const std::vector<Transfer> plan = plan_uploads(sources, share, target, arguments, context);
  make_directories(share, plan, context);
  json items = json::array();
  for (const Transfer& transfer : plan) {
    Progress progress(context, "uploading " + transfer.local.string());
    progress.show("starting");
    try {
      files::upload_file(transfer.local, share.file(transfer.remote), options_of(progress), {}, context.call());
    } catch (const Cancelled&) {
      throw Interrupted("interrupted; '" + joined(target.share, transfer.remote) + "' is incomplete",
                        "upload it again");
    }
    items.push_back({{"size", fs::file_size(transfer.local)},
                     {"source", transfer.local.string()},
                     {"target", joined(target.share, transfer.remote)}});
  }
  return Result::plain(std::move(items));
}

/// Names come from the service and become local paths.
void check_local_name(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) {
    throw CommandError(kFailed, "the share lists an entry named '" + name + "', which cannot be a local name");
  }
}

void plan_tree(const files::DirectoryClient& directory, const std::string& relative, const fs::path& target,
               const Filter& filter, const Context& context, std::vector<Transfer>& plan) {
  for (const files::DirectoryEntry& entry : directory.list({}, context.call())) {
    check_local_name(entry.name);
    const std::string inner = joined(relative, entry.name);
    if (entry.is_directory) {
      plan_tree(directory.directory(entry.name), inner, target / entry.name, filter, context, plan);
    } else if (filter.accepts(inner)) {
      plan.push_back({target / entry.name, joined(directory.path(), entry.name)});
    }
  }
}

/// The plan for one remote place: a directory keeps its name, unless it is written with a slash at its end.
std::vector<Transfer> plan_download(const files::ShareClient& share, const RemotePlace& source, const fs::path& target,
                                    bool inside, const Arguments& arguments, const Context& context) {
  std::vector<Transfer> plan;
  const bool directory = source.path.empty() || share.directory(source.path).exists(context.call());
  if (directory && !arguments.flag("recursive")) {
    throw UsageError("'" + source.to_string() + "' is a directory", "add -r/--recursive to copy it with all below it");
  }
  if (directory) {
    const files::DirectoryClient root = source.path.empty() ? share.root() : share.directory(source.path);
    plan_tree(root, "", source.folder ? target : target / source.name(), filter_of(arguments), context, plan);
  } else if (filter_of(arguments).accepts(source.name())) {
    plan.push_back({inside ? target / source.name() : target, source.path});
  }
  return plan;
}

Result download(const Arguments& arguments, Context& context) {
  std::vector<std::string> sources = arguments.list("places");
  const std::string local = sources.size() > 1 ? sources.back() : ".";
  if (sources.size() > 1) {
    sources.pop_back();
  }
  const bool inside = sources.size() > 1 || local.ends_with('/') || fs::is_directory(local);
  const files::ShareServiceClient storage = open_storage(arguments, context);
  json items = json::array();
  for (const std::string& text : sources) {
    const RemotePlace source = RemotePlace::parse(text);
    const files::ShareClient share = storage.share(source.share);
    for (const Transfer& transfer : plan_download(share, source, local, inside, arguments, context)) {
      fs::create_directories(fs::absolute(transfer.local).parent_path());
      Progress progress(context, "downloading " + transfer.remote);
      progress.show("starting");
      try {
        files::download_file(share.file(transfer.remote), transfer.local, options_of(progress), context.call());
      } catch (const Cancelled&) {
        throw Interrupted("interrupted; nothing is kept of '" + joined(source.share, transfer.remote) + "'",
                          "download it again");
      }
      items.push_back({{"size", fs::file_size(transfer.local)},
                       {"source", joined(source.share, transfer.remote)},
                       {"target", transfer.local.string()}});
    }
  }
  return Result::plain(std::move(items));
}

OptionSpec places_option(std::string_view summary, std::string_view shown) {
  return {.name = "places",
          .summary = summary,
          .kind = OptionKind::List,
          .value_name = shown,
          .required = true,
          .positional = true};
}

}  // namespace

std::vector<CommandSpec> transfer_commands() {
  const OptionSpec recursive{
      .name = "recursive", .short_name = 'r', .summary = "Copy folders with all below them.", .kind = OptionKind::Flag};
  const OptionSpec pattern{.name = "pattern",
                           .summary = "Only files that match, as '*.txt'. May be given more than once.",
                           .kind = OptionKind::Repeated,
                           .value_name = "GLOB"};
  const OptionSpec exclude{.name = "exclude",
                           .summary = "No files that match. May be given more than once.",
                           .kind = OptionKind::Repeated,
                           .value_name = "GLOB"};
  const std::vector<OptionSpec> filters{recursive, pattern, exclude};
  return {{.name = "upload",
           .summary = "Upload files, or folders with -r. A folder keeps its name unless it ends in a slash.",
           .options = join(join({places_option("What to upload, and where to.", "FILE... SHARE[/PATH]")}, filters),
                           storage_options()),
           .run = upload,
           .columns = kColumns,
           .examples = {{"Two files into a directory", "batchai files upload a.txt b.txt share/data"},
                        {"All text files of a folder", "batchai files upload -r data/ share/data --pattern '*.txt'"}}},
          {.name = "download",
           .summary = "Download files, or directories with -r. A directory keeps its name unless it ends in a slash.",
           .options = join(
               join({places_option(
                        "What to download, and the local target, which is this folder when only one place is named.",
                        "SHARE/PATH... [FOLDER]")},
                    filters),
               storage_options()),
           .run = download,
           .columns = kColumns,
           .examples = {{"A file to this folder", "batchai files download share/data/a.txt"},
                        {"A directory", "batchai files download -r share/data local"}}}};
}

}  // namespace batchai::cli
