#include "server/supervisor/run_folders.hpp"

#include "core/remove_tree.hpp"

#include <fstream>
#include <stdexcept>
#include <system_error>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& what, const fs::path& path, const std::string& reason) {
  throw std::runtime_error("cannot " + what + " " + path.string() + ": " + reason);
}

void clear_folder(const fs::path& folder) {
  if (const auto error = remove_tree(folder)) {
    refuse("empty folder", folder, error.message());
  }
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    refuse("make folder", folder, error.message());
  }
}

void make_mount(const fs::path& path, const fs::path& shown) {
  if (!fs::is_directory(shown)) {
    refuse("mount at", path, "folder " + shown.string() + " does not exist");
  }
  make_folder(path.parent_path());
  std::error_code error;
  if (fs::is_symlink(path, error) && fs::read_symlink(path, error) == shown) {
    return;
  }
  // A link that a supervisor which was killed has left, or an empty folder. A folder with content is not removed.
  fs::remove(path, error);
  if (error) {
    refuse("mount at", path, error.message());
  }
  fs::create_directory_symlink(shown, path, error);
  if (error) {
    refuse("mount at", path, error.message());
  }
}

void make_file(const RunFile& file) {
  make_folder(file.path.parent_path());
  std::ofstream stream(file.path, std::ios::binary | std::ios::trunc);
  stream << file.content;
  stream.close();
  std::error_code error;
  if (file.executable) {
    fs::permissions(file.path, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add, error);
  }
  if (!stream || error) {
    refuse("write file", file.path, "the file cannot be made or the disk is full");
  }
}

}  // namespace

void make_run_folders(const RunPlan& plan) {
  for (const auto& folder : plan.cleared) {
    clear_folder(folder);
  }
  for (const auto& mounts : {plan.node_mounts, plan.mounts}) {
    for (const auto& [path, shown] : mounts) {
      make_mount(path, shown);
    }
  }
  for (const auto& folder : plan.directories) {
    make_folder(folder);
  }
  for (const auto& file : plan.files) {
    make_file(file);
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
