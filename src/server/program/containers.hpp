#pragma once

#include "server/planning/job_plan.hpp"
#include "server/program/server_options.hpp"

#include <filesystem>
#include <future>
#include <optional>
#include <string>

namespace batchai::server {

/// What becomes of jobs that ask for a container. Thread-safe.
class Containers {
 public:
  /// `view` is what all jobs see besides their own folders. Where nothing is said about containers, whether podman
  /// works is tried in the background. Throws UsageError where podman is asked for and does not work, with its reason.
  Containers(const ServerOptions& options, RunSandbox view, const std::filesystem::path& data_folder,
             const std::filesystem::path& supervisor);
  /// Waits for the end of that.
  ~Containers() = default;
  Containers(const Containers&) = delete;
  Containers& operator=(const Containers&) = delete;

  /// Waits until it is known.
  ContainerUse use() const { return use_.get(); }
  /// Nothing while it is being tried.
  std::optional<ContainerUse> known() const;

 private:
  std::shared_future<ContainerUse> use_;
};

/// `podman`, `host` or `refuse`.
std::string name_of(ContainerUse::Kind kind);

}  // namespace batchai::server
