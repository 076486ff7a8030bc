#include "server/program/compute.hpp"

#include "server/engine/local_engine.hpp"
#include "server/engine/local_node_provider.hpp"
#include "server/slurm/slurm_engine.hpp"
#include "server/slurm/slurm_node_provider.hpp"

#include <stdexcept>

#include <unistd.h>

namespace batchai::server {

std::filesystem::path supervisor_program() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "batchai-supervisor";
}

namespace {

std::optional<std::string> trouble_with(const std::filesystem::path& supervisor) {
  return ::access(supervisor.c_str(), X_OK) == 0
             ? std::nullopt
             : std::optional(supervisor.string() + " cannot be executed: no job can be started");
}

Compute make_local(const std::filesystem::path& data_folder, const std::shared_ptr<Clock>& clock) {
  return {std::make_unique<LocalNodeProvider>(data_folder, count_gpus()),
          std::make_unique<LocalEngine>(LocalEngineOptions{
              .runs_folder = data_folder / "runs", .supervisor = supervisor_program(), .clock = clock}),
          [] { return trouble_with(supervisor_program()); }};
}

Compute make_slurm(const SlurmSettings& settings, const std::filesystem::path& data_folder,
                   const std::shared_ptr<Clock>& clock) {
  const auto nodes = std::make_shared<SlurmNodes>(settings);
  auto engine =
      std::make_unique<SlurmEngine>(SlurmEngineOptions{.runs_folder = data_folder / "runs",
                                                       .supervisor = supervisor_program(),
                                                       .settings = settings,
                                                       .commands = std::make_shared<InstalledSlurmCommands>(settings),
                                                       .nodes = nodes,
                                                       .clock = clock});
  const auto* slurm = engine.get();
  return {std::make_unique<SlurmNodeProvider>(data_folder, nodes, files_of_slurm(settings)), std::move(engine),
          [slurm] {
            const auto trouble = trouble_with(supervisor_program());
            return trouble ? trouble : slurm->trouble();
          }};
}

}  // namespace

Compute make_compute(const ServerOptions& options, const std::filesystem::path& data_folder,
                     const std::shared_ptr<Clock>& clock) {
  if (options.engine == "local") {
    return make_local(data_folder, clock);
  }
  if (options.engine == "slurm") {
    return make_slurm(options.slurm, data_folder, clock);
  }
  throw std::invalid_argument("there is no engine " + options.engine);
}

}  // namespace batchai::server
