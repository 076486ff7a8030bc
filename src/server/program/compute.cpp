#include "server/program/compute.hpp"

#include "core/private_file.hpp"
#include "server/engine/local_engine.hpp"
#include "server/engine/local_node_provider.hpp"
#include "server/run/run_records.hpp"
#include "server/slurm/slurm_engine.hpp"
#include "server/slurm/slurm_node_provider.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

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

bool holds_runs(const std::filesystem::path& folder) {
  const auto is_run = [](const auto& entry) { return is_run_id(entry.path().filename().string()); };
  std::error_code error;
  const auto entries = std::filesystem::directory_iterator(folder, error);
  return !error && std::any_of(begin(entries), end(entries), is_run);
}

/// Notes whose runs these are. Another engine knows nothing of them: it would take them for lost and run them again,
/// while they go on.
void take_runs(const std::filesystem::path& folder, const std::string& engine) {
  const auto file = folder / ".engine";
  const auto owner = read_file(file).value_or("local");
  if (owner != engine && holds_runs(folder)) {
    throw std::runtime_error("There are jobs that the engine " + owner + " has not ended, and the engine " + engine +
                             " does not know them: start the service with --engine " + owner +
                             " until they have ended, then with --engine " + engine);
  }
  if (owner != engine) {
    write_private_file(file, engine);
  }
}

Compute make_local(const std::filesystem::path& data_folder, const std::shared_ptr<Clock>& clock) {
  return {std::make_unique<LocalNodeProvider>(data_folder, count_gpus()),
          std::make_unique<LocalEngine>(LocalEngineOptions{
              .runs_folder = data_folder / "runs", .supervisor = supervisor_program(), .clock = clock}),
          [] { return trouble_with(supervisor_program()); }};
}

Compute make_slurm(const SlurmSettings& settings, const std::filesystem::path& data_folder,
                   const std::shared_ptr<Clock>& clock, std::function<void(const std::string&)> report) {
  check_settings(settings);
  const auto nodes = std::make_shared<SlurmNodes>(settings);
  auto engine =
      std::make_unique<SlurmEngine>(SlurmEngineOptions{.runs_folder = data_folder / "runs",
                                                       .supervisor = supervisor_program(),
                                                       .settings = settings,
                                                       .commands = std::make_shared<InstalledSlurmCommands>(settings),
                                                       .nodes = nodes,
                                                       .clock = clock,
                                                       .report = std::move(report)});
  const auto* slurm = engine.get();
  return {std::make_unique<SlurmNodeProvider>(data_folder, nodes, files_of_slurm(settings)), std::move(engine),
          [slurm] {
            const auto trouble = trouble_with(supervisor_program());
            return trouble ? trouble : slurm->trouble();
          }};
}

}  // namespace

Compute make_compute(const ServerOptions& options, const std::filesystem::path& data_folder,
                     const std::shared_ptr<Clock>& clock, std::function<void(const std::string&)> report) {
  take_runs(data_folder / "runs", options.engine);
  if (options.engine == "local") {
    return make_local(data_folder, clock);
  }
  if (options.engine == "slurm") {
    return make_slurm(options.slurm, data_folder, clock, std::move(report));
  }
  throw std::invalid_argument("there is no engine " + options.engine);
}

}  // namespace batchai::server
