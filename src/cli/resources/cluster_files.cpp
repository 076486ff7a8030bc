#include "cli/resources/cluster_files.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/item_pages.hpp"
#include "cli/app/name_document.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/files/storage.hpp"
#include "cli/requests/storage_keys.hpp"
#include "cli/resources/commands.hpp"
#include "core/joined.hpp"

#include <algorithm>
#include <utility>

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kMountRoot = "$AZ_BATCHAI_MOUNT_ROOT/";

constexpr Column kFileColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Is directory", [](const json& item) { return std::string(item.value("is_directory", false) ? "yes" : "no"); }},
    {"Size", [](const json& item) { return cell_at(item, "/size"); }, false, ColumnKind::Size}};

/// Where a setup task's output is.
struct OutputFolder {
  std::string account;
  std::string share;
  std::string path;
};

/// The part of `path` below `mount_path`; nothing when it is not below it.
std::optional<std::string> rest_behind(const std::string& path, const std::string& mount_path) {
  if (path == mount_path) {
    return "";
  }
  return path.starts_with(mount_path + "/") ? std::optional(path.substr(mount_path.size() + 1)) : std::nullopt;
}

std::string without_last_slash(std::string path) {
  while (path.ends_with('/')) {
    path.pop_back();
  }
  return path;
}

std::string share_in(const std::string& url) {
  const std::string path = without_last_slash(Url::parse(url).path());
  return path.substr(path.rfind('/') + 1);
}

/// Where the output is below the folder of mounts; nothing where it is not there.
std::optional<std::string> path_in_mounts(const NodeSetup& setup) {
  const std::string& prefix = setup.setup_task->std_out_err_path_prefix;
  if (!prefix.starts_with(kMountRoot) || !setup.setup_task->std_out_err_path_suffix || !setup.mount_volumes) {
    return std::nullopt;
  }
  return without_last_slash(prefix.substr(kMountRoot.size()));
}

/// Nothing where the output is not on a file share that the cluster mounts.
std::optional<OutputFolder> find_folder(const NodeSetup& setup, const std::string& below) {
  const std::optional<std::string> path = path_in_mounts(setup);
  if (!path) {
    return std::nullopt;
  }
  const auto path_in = [&](const std::string& rest) {
    const std::string folder = path_below(rest, *setup.setup_task->std_out_err_path_suffix);
    return path_below(folder, below == "." ? "" : below);
  };
  for (const AzureFileShareReference& share : setup.mount_volumes->azure_file_shares) {
    if (const auto rest = rest_behind(*path, without_last_slash(share.relative_mount_path))) {
      return OutputFolder{share.account_name, share_in(share.azure_file_url), path_in(*rest)};
    }
  }
  return std::nullopt;
}

/// Whether the output is in a blob container that the cluster mounts.
bool is_in_container(const NodeSetup& setup) {
  const std::optional<std::string> path = path_in_mounts(setup);
  if (!path) {
    return false;
  }
  const auto& containers = setup.mount_volumes->azure_blob_file_systems;
  return std::any_of(containers.begin(), containers.end(), [&](const AzureBlobFileSystemReference& container) {
    return rest_behind(*path, without_last_slash(container.relative_mount_path)).has_value();
  });
}

files::ShareClient open_share(const OutputFolder& folder, const Arguments& arguments, const Context& context) {
  StorageKeys keys(arguments, context);
  const bool ours = keys.account() == folder.account && !keys.key().empty();
  return open_account(folder.account, ours ? keys.key() : keys.look_up(folder.account), context).share(folder.share);
}

json document(const files::DirectoryClient& directory, const files::DirectoryEntry& entry, Timestamp expiry) {
  json item = {{"download_url", nullptr}, {"is_directory", entry.is_directory}, {"size", nullptr}};
  set_name(item, entry.name);
  if (!entry.is_directory) {
    item["download_url"] = directory.file(entry.name).sas_url({.permissions = "r", .expiry = expiry}).to_string();
    item["size"] = entry.size;
  }
  return item;
}

/// Without any where the folder has not been made yet.
FetchPage pages_of(const files::DirectoryClient& directory, Timestamp expiry, const Context& context) {
  FetchPage fetch = fetch_pages(directory.list({}, context.call()),
                                [=](const files::DirectoryEntry& entry) { return document(directory, entry, expiry); });
  return [fetch = std::move(fetch), first = true]() mutable {
    const bool may_be_missing = std::exchange(first, false);
    try {
      return fetch();
    } catch (const NotFound&) {
      if (may_be_missing) {
        return ItemPage();
      }
      throw;
    }
  };
}

Result list_cluster_files(const Arguments& arguments, Context& context) {
  const int minutes = arguments.integer("expiry").value_or(60);
  if (minutes <= 0) {
    throw UsageError("--expiry: the number of minutes must be above 0");
  }
  const Cluster cluster = context.services.batchai().clusters().get(
      arguments.get("resource-group"), arguments.get("workspace"), arguments.get("cluster"), context.call());
  if (!cluster.node_setup || !cluster.node_setup->setup_task) {
    return Result::plain(json::array());
  }
  const files::DirectoryClient directory =
      open_setup_output(*cluster.node_setup, arguments.get("path"), arguments, context);
  const Timestamp expiry = context.clock().now() + std::chrono::minutes(minutes);
  return {.pages = pages_of(directory, expiry, context)};
}

}  // namespace

files::DirectoryClient open_setup_output(const NodeSetup& setup, const std::string& below, const Arguments& arguments,
                                         const Context& context) {
  const std::optional<OutputFolder> folder = find_folder(setup, below);
  if (!folder) {
    const ClusterPlace place{arguments.get("resource-group"), arguments.get("workspace"), arguments.get("cluster")};
    throw CommandError(kFailed,
                       is_in_container(setup)
                           ? "the output of the setup task is in a blob container, and this program reads file "
                             "shares only"
                           : "the files of a setup task can be listed only when its output is on a file share that "
                             "the cluster mounts",
                       "see '" + setup_output_command(place, setup) + "'");
  }
  const files::ShareClient share = open_share(*folder, arguments, context);
  return folder->path.empty() ? share.root() : share.directory(folder->path);
}

std::string setup_output_command(const ClusterPlace& place, const NodeSetup& setup) {
  const std::string options = "-g " + place.group + " -w " + place.workspace + " -c " + place.cluster;
  if (find_folder(setup, ".")) {
    return "batchai cluster node logs " + options;
  }
  std::string folder = path_below(setup.setup_task->std_out_err_path_prefix,
                                  setup.setup_task->std_out_err_path_suffix.value_or(std::string()));
  if (folder.starts_with('$')) {
    folder.insert(0, "\\");  // for the shell on the node
  }
  return "batchai cluster node exec " + options + " --exec \"tail " + folder + "/std*.txt\"";
}

std::vector<CommandSpec> cluster_file_commands() {
  return {{.name = "file list",
           .summary = "List what the setup task of a cluster has written, with download URLs.",
           .options = {group_option(),
                       workspace_option(),
                       cluster_option(),
                       {.name = "path",
                        .short_name = 'p',
                        .summary = "Path below the task's output.",
                        .value_name = "PATH",
                        .default_value = "."},
                       {.name = "expiry",
                        .summary = "Minutes that the download URLs last.",
                        .kind = OptionKind::Integer,
                        .value_name = "MINUTES",
                        .default_value = "60"}},
           .run = list_cluster_files,
           .columns = kFileColumns,
           .examples = {{"All of it", "batchai cluster file list -g demo -w ws -c nc6"},
                        {"A folder of it, with URLs for a day",
                         "batchai cluster file list -g demo -w ws -c nc6 -p logs --expiry 1440"}}}};
}

}  // namespace batchai::cli
