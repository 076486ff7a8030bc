#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "server/planning/job_mounts.hpp"
#include "server/planning/job_plan.hpp"
#include "server/planning/node_view.hpp"

#include <algorithm>
#include <stdexcept>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

fs::path directory_of(const NodeView& view, std::string_view id) {
  if (id == kStdOutErr) {
    return view.stdouterr;
  }
  const auto found = std::ranges::find(view.outputs, id, [](const auto& output) { return output.first; });
  if (found == view.outputs.end()) {
    throw std::out_of_range("The job has no output directory \"" + std::string(id) + "\".");
  }
  return found->second;
}

std::optional<OutputLocation> location_in(const MountVolumes& volumes, const fs::path& root, const fs::path& directory,
                                          const AccountResolver& accounts) {
  for (const auto& mounted : mounted_storage(volumes, accounts)) {
    const auto inside = directory.lexically_relative(root / mounted.relative_path);
    if (!inside.empty() && *inside.begin() != "..") {
      const auto path = inside == "." ? fs::path() : inside;
      return OutputLocation{mounted.kind,          mounted.account, mounted.name,
                            path.generic_string(), mounted.folder,  mounted.key_is_right};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<OutputLocation> output_location(const JobPlanInput& input, std::string_view directory_id) {
  auto complete = input;
  if (complete.nodes.empty()) {
    complete.nodes.push_back({.folder = "/node"});  // which one makes no difference on a share
  }
  const auto view = node_view(complete, 0);
  const auto directory = directory_of(view, directory_id);
  const auto location = location_in(volumes_of(input.cluster), view.folders.mounts, directory, input.accounts);
  return location ? location : location_in(volumes_of(input.job), view.folders.job_mounts, directory, input.accounts);
}

}  // namespace batchai::server
