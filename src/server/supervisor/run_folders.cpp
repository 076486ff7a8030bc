#include "server/supervisor/run_folders.hpp"

#include "core/remove_tree.hpp"
#include "server/supervisor/run_places.hpp"

#include <exception>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& what, const fs::path& path, const std::string& reason) {
  throw std::runtime_error("cannot " + what + " " + path.string() + ": " + reason);
}

void clear_folder(const RunPlaces& places, const fs::path& folder) {
  const auto place = places.find(folder);
  if (const auto error = place ? remove_tree(place->path) : std::error_code()) {
    refuse("empty folder", folder, error.message());
  }
}

void make_mount(const RunPlaces& places, const fs::path& path, const fs::path& shown) {
  if (!fs::is_directory(shown)) {
    refuse("mount at", path, "folder " + shown.string() + " does not exist");
  }
  const auto link = places.at(path);
  std::error_code error;
  if (fs::is_symlink(link.path, error) && fs::read_symlink(link.path, error) == shown) {
    return;
  }
  // A link that a supervisor which was killed has left, or an empty folder. A folder with content is not removed.
  fs::remove(link.path, error);
  if (error) {
    refuse("mount at", path, error.message());
  }
  fs::create_directory_symlink(shown, link.path, error);
  if (error) {
    refuse("mount at", path, error.message());
  }
}

void make_file(const RunPlaces& places, const RunFile& file) {
  const auto place = places.at(file.path);
  std::error_code error;
  fs::remove(place.path, error);  // it might be a link
  std::ofstream stream(place.path, std::ios::binary | std::ios::trunc);
  stream << file.content;
  stream.close();
  if (file.executable) {
    fs::permissions(place.path, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add, error);
  }
  if (!stream || error) {
    refuse("write file", file.path, "the file cannot be made or the disk is full");
  }
}

/// What the service makes in a node's folder for each job there: an earlier one may have put something else in its
/// place.
void restore_folders(const RunPlaces& places, const RunPlan& plan) {
  for (const auto& folder : plan.cleared) {
    places.restore_folders_above(folder);
  }
  for (const auto& mounts : {plan.node_mounts, plan.mounts}) {
    for (const auto& mount : mounts) {
      places.restore_folders_above(mount.first);
    }
  }
  for (const auto& node : plan.nodes) {
    places.restore_folders_above(node.working_directory);
  }
  const auto home = plan.environment.find("HOME");
  if (home != plan.environment.end()) {
    places.restore_folders_above(fs::path(home->second) / "file");
  }
}

/// Only what this run has made: another run may have put something else there since.
void remove_mount(const fs::path& path, const fs::path& shown, const std::vector<fs::path>& writable) {
  RunPlan plan;
  if (!writable.empty()) {
    plan.sandbox = RunSandbox{.writable = writable};
  }
  const auto link = RunPlaces(plan).find(path);
  std::error_code error;
  if (link && fs::is_symlink(link->path, error) && fs::read_symlink(link->path, error) == shown) {
    fs::remove(link->path, error);
  }
}

}  // namespace

void make_run_folders(const RunPlan& plan) {
  const RunPlaces places(plan);
  restore_folders(places, plan);
  for (const auto& folder : plan.cleared) {
    clear_folder(places, folder);
  }
  for (const auto& mounts : {plan.node_mounts, plan.mounts}) {
    for (const auto& [path, shown] : mounts) {
      make_mount(places, path, shown);
    }
  }
  for (const auto& folder : plan.directories) {
    places.make_folder(folder);
  }
  for (const auto& file : plan.files) {
    make_file(places, file);
  }
}

std::vector<fs::path> writable_of(const RunPlan& plan) {
  return plan.container ? plan.container->view.writable : plan.sandbox.value_or(RunSandbox{}).writable;
}

void remove_mounts(const std::vector<std::pair<fs::path, fs::path>>& mounts,
                   const std::vector<fs::path>& writable) noexcept {
  for (const auto& [path, shown] : mounts) {
    try {
      remove_mount(path, shown, writable);
    } catch (const std::exception&) {
      continue;  // it is in no folder of the job's any more
    }
  }
}

}  // namespace batchai::server
