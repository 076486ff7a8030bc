#include "server/planning/run_view.hpp"

#include "core/lies_in.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

void show(RunSandbox& sandbox, const fs::path& folder) {
  const bool shown =
      std::ranges::any_of(sandbox.writable, [&](const fs::path& other) { return lies_in(folder, other); });
  if (!shown) {
    sandbox.writable.push_back(folder);
  }
}

}  // namespace

fs::path temporary_folder(const fs::path& node_folder) { return node_folder.string() + ".tmp"; }

void add_temporary_folders(const std::vector<JobNode>& nodes, RunPlan& plan) {
  for (const auto& node : nodes) {
    plan.directories.push_back(temporary_folder(node.folder));
  }
}

void show_folders(RunSandbox& view, const RunPlan& plan, const std::vector<JobNode>& nodes,
                  const std::vector<MountVolumes>& volumes, const FileServerResolver& file_servers) {
  for (const auto& node : nodes) {
    show(view, node.folder);
    show(view, node.lasting_folder());
  }
  for (const auto& some : volumes) {
    for (const auto& volume : some.file_servers) {
      if (const auto exported = file_servers ? file_servers(volume.file_server.id) : std::nullopt) {
        show(view, *exported);
      }
    }
  }
  for (const auto& mounts : {plan.node_mounts, plan.mounts}) {
    for (const auto& mount : mounts) {
      show(view, mount.second);
    }
  }
}

}  // namespace batchai::server
