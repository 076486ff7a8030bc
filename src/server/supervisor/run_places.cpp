#include "server/supervisor/run_places.hpp"

#include "core/lies_in.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/output_file.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

/// The kernel gives up where somebody renames folders meanwhile.
constexpr int kMostAttempts = 1'000;

/// Opens what is below `folder`, negative and with errno if it cannot be reached from there.
Descriptor open_below(const Descriptor& folder, const fs::path& path, int flags, mode_t mode = 0) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const auto text = path.empty() ? std::string(".") : path.string();
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const auto opened = ::syscall(SYS_openat2, folder.get(), text.c_str(), &how, sizeof how);
    if (opened >= 0 || errno != EAGAIN) {
      return Descriptor(static_cast<int>(opened));
    }
  }
  return {};
}

Descriptor open_root(const fs::path& root) {
  std::error_code error;
  fs::create_directories(root, error);
  Descriptor folder(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) {
    throw_errno("cannot open folder " + root.string());
  }
  return folder;
}

[[noreturn]] void refuse_place(const fs::path& path, int reason) {
  if (reason == EXDEV) {
    throw std::runtime_error("cannot make " + path.string() + ": a link on the way leads out of the job's folders");
  }
  errno = reason;
  throw_errno("cannot make " + path.string());
}

fs::path without_slash(const fs::path& path) {
  const auto normal = path.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

/// The folders that the job can change. It can put nothing in their place.
std::vector<fs::path> writable_folders(const RunPlan& plan, const RunSandbox& view) {
  auto result = view.writable;
  for (const auto& node : plan.nodes) {
    if (!node.temporary.empty()) {
      result.push_back(node.temporary);
    }
  }
  return result;
}

bool is_writable_folder(const RunPlan& plan, const RunSandbox& view, const fs::path& path) {
  const auto folders = writable_folders(plan, view);
  return std::ranges::find(folders, path) != folders.end();
}

/// One of these, and what is below it of a path there; nothing if that is elsewhere.
std::optional<std::pair<fs::path, fs::path>> writable_place(const RunPlan& plan, const RunSandbox& view,
                                                            const fs::path& path) {
  for (const auto& folder : writable_folders(plan, view)) {
    if (auto rest = part_below(path, without_slash(folder))) {
      return std::pair(folder, std::move(*rest));
    }
  }
  return std::nullopt;
}

bool is_folder_of_node(const RunPlan& plan, const fs::path& folder) {
  return std::ranges::any_of(
      plan.nodes, [&](const RunNode& node) { return part_below(node.working_directory, folder).has_value(); });
}

void let_owner_use(const Descriptor& folder) {
  std::error_code ignored;
  fs::permissions("/proc/self/fd/" + std::to_string(folder.get()), fs::perms::owner_all, fs::perm_options::add,
                  ignored);
}

/// Where a path below `/tmp` leads; the first node's for want of a better one.
std::optional<fs::path> path_of_temporary(const RunPlan& plan, const fs::path& path) {
  for (const char* folder : {"/tmp", "/var/tmp"}) {
    if (const auto rest = part_below(path, folder)) {
      return plan.nodes.front().temporary / *rest;
    }
  }
  return std::nullopt;
}

/// What a path of the job is outside, where a mount stands for another folder.
fs::path path_outside(const RunPlan& plan, const fs::path& path) {
  for (const auto& mounts : {plan.node_mounts, plan.mounts}) {
    for (const auto& [mount, shown] : mounts) {
      if (const auto rest = part_below(path, mount)) {
        return without_slash(shown / *rest);
      }
    }
  }
  return path;
}

}  // namespace

RunPlaces::RunPlaces(const RunPlan& plan)
    : plan_(plan),
      view_(plan.container ? &plan.container->view
            : plan.sandbox ? &*plan.sandbox
                           : nullptr) {}

RunPlaces::Inside RunPlaces::locate(const fs::path& path) const {
  const auto outside = path_outside(plan_, without_slash(path));
  if (auto place = writable_place(plan_, *view_, outside)) {
    return std::move(*place);
  }
  const auto temporary = path_of_temporary(plan_, outside);
  if (auto place = temporary ? writable_place(plan_, *view_, *temporary) : std::nullopt) {
    return std::move(*place);
  }
  throw std::runtime_error("cannot make " + path.string() + ": it is in no folder that the job can change");
}

Descriptor RunPlaces::folder_in(const Inside& place, bool make) const {
  const auto root = open_root(place.first);
  Descriptor folder = open_below(root, "", O_PATH | O_DIRECTORY);
  fs::path reached;
  for (const auto& part : place.second) {
    reached /= part;
    auto next = open_below(root, reached, O_PATH | O_DIRECTORY);
    if (!next && errno == ENOENT && make && (::mkdirat(folder.get(), part.c_str(), 0777) == 0 || errno == EEXIST)) {
      next = open_below(root, reached, O_PATH | O_DIRECTORY);
    }
    if (!next) {
      const int reason = errno;
      if (reason == ENOENT && !make) {
        return {};
      }
      refuse_place(place.first / reached, reason);
    }
    folder = std::move(next);
  }
  return folder;
}

RunPlaces::Place RunPlaces::in_folder(Descriptor folder, const fs::path& path) {
  auto name = fs::path("/proc/self/fd") / std::to_string(folder.get()) / path.filename();
  return {std::move(folder), std::move(name)};
}

RunPlaces::Place RunPlaces::at(const fs::path& path) const {
  if (view_ != nullptr) {
    return in_folder(folder_in(locate(path.parent_path()), true), path);
  }
  make_folder(path.parent_path());
  return {{}, path};
}

std::optional<RunPlaces::Place> RunPlaces::find(const fs::path& path) const {
  if (view_ == nullptr || is_writable_folder(plan_, *view_, path)) {
    return Place{{}, path};
  }
  auto folder = folder_in(locate(path.parent_path()), false);
  return folder ? std::optional(in_folder(std::move(folder), path)) : std::nullopt;
}

void RunPlaces::make_folder(const fs::path& path) const {
  if (view_ != nullptr) {
    folder_in(locate(path), true);
    return;
  }
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    throw std::runtime_error("cannot make folder " + path.string() + ": " + error.message());
  }
}

void RunPlaces::restore_folders_above(const fs::path& path) const {
  const auto place = view_ == nullptr ? std::nullopt : writable_place(plan_, *view_, path);
  if (!place || !is_folder_of_node(plan_, place->first)) {
    return;
  }
  Descriptor folder = open_root(place->first);
  let_owner_use(folder);
  for (const auto& part : place->second.parent_path()) {
    Descriptor next(::openat(folder.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC));
    if (!next) {
      // A file or a link; what cannot be removed is reported by what is about to be made there.
      ::unlinkat(folder.get(), part.c_str(), 0);
      return;
    }
    let_owner_use(next);
    folder = std::move(next);
  }
}

Descriptor RunPlaces::open_output(const fs::path& path, int flags) const {
  if (view_ == nullptr || path.empty()) {
    return open_output_file(path.empty() ? "/dev/null" : path, flags);
  }
  const auto [root, inside] = locate(path);
  auto file = open_below(open_root(root), inside, kOutputFlags | flags, kOutputMode);
  if (!file && errno == EXDEV) {
    refuse_place(path, errno);
  }
  return checked_output(std::move(file), path);
}

}  // namespace batchai::server
