#include "server/program/compute.hpp"

#include "server/engine/local_engine.hpp"
#include "server/engine/local_node_provider.hpp"

#include <stdexcept>

namespace batchai::server {

std::filesystem::path supervisor_program() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "batchai-supervisor";
}

Compute make_compute(const ServerOptions& options, const std::filesystem::path& data_folder,
                     const std::shared_ptr<Clock>& clock) {
  if (options.engine == "local") {
    return {std::make_unique<LocalNodeProvider>(data_folder, count_gpus()),
            std::make_unique<LocalEngine>(LocalEngineOptions{
                .runs_folder = data_folder / "runs", .supervisor = supervisor_program(), .clock = clock})};
  }
  throw std::invalid_argument("there is no engine " + options.engine);
}

}  // namespace batchai::server
