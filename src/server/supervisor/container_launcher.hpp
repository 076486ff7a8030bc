#pragma once

#include "server/supervisor/container.hpp"
#include "server/supervisor/launcher.hpp"

namespace batchai::server {

/// Starts the processes of a plan in its container, but for setup tasks, which are for the machine itself.
class ContainerLauncher final : public Launcher {
 public:
  /// All outlive it.
  ContainerLauncher(Launcher& machines, const RunPlan& plan, ExecutionLog& log)
      : machines_(machines), container_(plan, log) {}

  /// Before the first process of the container. As Container::start().
  bool start_container(const Container::Await& await) { return container_.start(await); }

  std::string host_of(const RunPlan& plan, const RunProcess& process) const override {
    return machines_.host_of(plan, process);
  }
  pid_t start(const RunPlan& plan, const RunProcess& process) override;
  bool is_remote(const RunProcess& process) const override { return machines_.is_remote(process); }
  std::optional<int> exit_code(const RunPlan& plan, const RunProcess& process, int status) const override {
    return machines_.exit_code(plan, process, status);
  }
  bool keeps(pid_t pid) const override { return container_.is_begun() && Container::keeps(pid); }
  bool keeps_some() const override { return container_.is_begun(); }
  void close() override { container_.remove(); }

 private:
  Launcher& machines_;
  Container container_;
};

}  // namespace batchai::server
