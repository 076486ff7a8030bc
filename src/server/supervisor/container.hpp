#pragma once

#include "core/descriptor.hpp"
#include "server/run/engine.hpp"
#include "server/supervisor/execution_log.hpp"

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/types.h>

namespace batchai::server {

/// A container, or its image, cannot be had.
class ContainerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The container of a run, made by podman: one for all nodes of the plan that are this machine. It ends with this
/// process, however that ends. Not thread-safe.
class Container {
 public:
  /// Exit code of a child; nothing if it was killed, as the run is to be stopped.
  using Await = std::function<std::optional<int>(pid_t)>;

  /// Both outlive it.
  Container(const RunPlan& plan, ExecutionLog& log);

  /// Gets the image, if it is not there, and starts the container. False if it was interrupted. Throws ContainerError
  /// with podman's reason.
  bool start(const Await& await);

  /// launch() in the container, whose shell does it. What is started here is podman, which ends with the same exit code
  /// when the process does, and must get no soft signal.
  pid_t launch(const RunProcess& process) const;

  /// Whether there is one, or may be.
  bool is_begun() const noexcept { return begun_; }
  /// Whether a descendant of this process belongs to the container's keeping and not to what runs in it.
  static bool keeps(pid_t pid);

  /// Ends all that is left in it and removes it; also where it could not be started.
  void remove();

 private:
  struct Said {
    int exit_code = 0;
    std::string output;
    std::string errors;
  };
  std::optional<Said> run(const std::vector<std::string>& arguments, std::vector<int> passed, const Await& await) const;
  bool hide_second_groups(const Await& await);
  /// Its name or id; nothing if that was interrupted.
  std::optional<std::string> image(const Await& await);
  /// Nothing if it was interrupted or there is none.
  std::optional<std::string> local_image(const Await& await);
  std::optional<std::string> pull(const Await& await);
  Descriptor passed_to_pull() const;

  const RunPlan& plan_;
  ExecutionLog& log_;
  std::filesystem::path program_;
  /// The container lasts for as long as it is open.
  Descriptor hold_;
  bool interrupted_ = false;
  bool begun_ = false;
};

}  // namespace batchai::server
