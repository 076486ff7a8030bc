#pragma once

#include "core/descriptor.hpp"
#include "server/run/engine.hpp"

#include <filesystem>
#include <optional>
#include <utility>

namespace batchai::server {

/// Where a supervisor makes and opens things for a run. Processes of this run and others can put links in place of
/// folders and files that it is about to use; so in a plan with a sandbox or a container nothing is reached by a link
/// that leads out of the folder that is writable there, and nothing outside of these folders. In other plans paths are
/// just paths. Throws std::exception, with the path, for what is outside or cannot be reached.
class RunPlaces {
 public:
  /// The plan outlives it.
  explicit RunPlaces(const RunPlan& plan);

  /// A name for this process to reach what is or will be at a path, for as long as this object lives.
  struct Place {
    Descriptor folder;
    std::filesystem::path path;
  };
  /// Makes the folders above it.
  Place at(const std::filesystem::path& path) const;
  /// The same where the folder above it is there already; otherwise nothing.
  std::optional<Place> find(const std::filesystem::path& path) const;

  /// Makes the folder and those above it; it may be there.
  void make_folder(const std::filesystem::path& path) const;
  /// Of a path in the folder of a node: removes what is no folder on the way to it, and lets the owner use the others.
  void restore_folders_above(const std::filesystem::path& path) const;
  /// open_output_file() for a path of the plan.
  Descriptor open_output(const std::filesystem::path& path, int flags) const;

 private:
  /// A writable folder, and the path in it.
  using Inside = std::pair<std::filesystem::path, std::filesystem::path>;
  static Place in_folder(Descriptor folder, const std::filesystem::path& path);
  Inside locate(const std::filesystem::path& path) const;
  Descriptor folder_in(const Inside& place, bool make) const;

  const RunPlan& plan_;
  const RunSandbox* view_;
};

}  // namespace batchai::server
