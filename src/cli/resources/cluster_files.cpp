#include "batchai/batchai/client.hpp"
#include "cli/app/cells.hpp"
#include "cli/app/options.hpp"
#include "cli/app/result.hpp"
#include "cli/app/services.hpp"
#include "cli/files/storage.hpp"
#include "cli/requests/storage_keys.hpp"
#include "cli/resources/commands.hpp"

namespace batchai::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kMountRoot = "$AZ_BATCHAI_MOUNT_ROOT/";

constexpr Column kColumns[] = {
    {"Name", [](const json& item) { return cell_at(item, "/name"); }},
    {"Is directory", [](const json& item) { return std::string(item.value("is_directory", false) ? "yes" : "no"); }},
    {"Size", [](const json& item) { return cell_at(item, "/size"); }}};

/// Where a setup task's output lies: a file share and the path in it.
struct OutputFolder {
  AzureFileShareReference share;
  std::string path;
};

[[noreturn]] void refuse() {
  throw CommandError(kFailed,
                     "the files of a setup task can be listed only when its output is on a mounted file share");
}

/// What is behind `mount_path` in `path`; nothing when it does not lie there.
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

std::string joined(const std::string& left, const std::string& right) {
  return left.empty() || right.empty() ? left + right : left + "/" + right;
}

OutputFolder find_folder(const NodeSetup& setup, const std::string& below) {
  const std::string& prefix = setup.setup_task->std_out_err_path_prefix;
  if (!prefix.starts_with(kMountRoot) || !setup.setup_task->std_out_err_path_suffix || !setup.mount_volumes) {
    refuse();
  }
  const std::string path = without_last_slash(prefix.substr(kMountRoot.size()));
  for (const AzureFileShareReference& share : setup.mount_volumes->azure_file_shares) {
    if (const auto rest = rest_behind(path, without_last_slash(share.relative_mount_path))) {
      const std::string folder = joined(*rest, *setup.setup_task->std_out_err_path_suffix);
      return {share, joined(folder, below == "." ? "" : below)};
    }
  }
  refuse();
}

files::ShareClient open_share(const AzureFileShareReference& reference, const Arguments& arguments,
                              const Context& context) {
  StorageKeys keys(arguments, context);
  const Secret key = keys.account() == reference.account_name && !keys.key().empty()
                         ? keys.key()
                         : keys.look_up(reference.account_name);
  const std::string path = without_last_slash(Url::parse(reference.azure_file_url).path());
  return open_account(reference.account_name, key, context).share(path.substr(path.rfind('/') + 1));
}

json document(const files::DirectoryClient& directory, const files::DirectoryEntry& entry, Timestamp expiry) {
  if (entry.is_directory) {
    return {{"name", entry.name}, {"download_url", nullptr}, {"is_directory", true}, {"size", nullptr}};
  }
  const Url url = directory.file(entry.name).sas_url({.permissions = "r", .expiry = expiry});
  return {{"name", entry.name}, {"download_url", url.to_string()}, {"is_directory", false}, {"size", entry.size}};
}

Result list(const Arguments& arguments, Context& context) {
  const int minutes = arguments.integer("expiry").value_or(60);
  if (minutes <= 0) {
    throw UsageError("--expiry: the number of minutes must be above 0");
  }
  const Cluster cluster = context.services.batchai().clusters().get(
      arguments.get("resource-group"), arguments.get("workspace"), arguments.get("cluster"), context.call());
  json items = json::array();
  if (!cluster.node_setup || !cluster.node_setup->setup_task) {
    return Result::plain(std::move(items));
  }
  const OutputFolder folder = find_folder(*cluster.node_setup, arguments.get("path"));
  const files::ShareClient share = open_share(folder.share, arguments, context);
  const files::DirectoryClient directory = folder.path.empty() ? share.root() : share.directory(folder.path);
  const Timestamp expiry = context.clock().now() + std::chrono::minutes(minutes);
  for (const files::DirectoryEntry& entry : directory.list({}, context.call())) {
    items.push_back(document(directory, entry, expiry));
  }
  return Result::plain(std::move(items));
}

}  // namespace

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
           .run = list,
           .columns = kColumns,
           .examples = {{"All of it", "batchai cluster file list -g demo -w ws -c nc6"},
                        {"A folder of it, with URLs for a day",
                         "batchai cluster file list -g demo -w ws -c nc6 -p logs --expiry 1440"}}}};
}

}  // namespace batchai::cli
