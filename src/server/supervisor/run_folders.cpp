#include "server/supervisor/run_folders.hpp"

#include "core/remove_tree.hpp"
#include "server/supervisor/run_places.hpp"

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

}  // namespace

void make_run_folders(const RunPlan& plan) {
  const RunPlaces places(plan);
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

void remove_mounts(const std::vector<std::pair<fs::path, fs::path>>& mounts) noexcept {
  for (const auto& [path, shown] : mounts) {
    std::error_code error;
    // Only what this run has made: another run may have put something else there since.
    if (fs::is_symlink(path, error) && fs::read_symlink(path, error) == shown) {
      fs::remove(path, error);
    }
  }
}

}  // namespace batchai::server
