#include "server/supervisor/container_launcher.hpp"

#include <algorithm>

namespace batchai::server {

pid_t ContainerLauncher::start(const RunPlan& plan, const RunProcess& process) {
  const bool is_setup =
      std::ranges::any_of(plan.setup, [&process](const RunProcess& setup) { return &setup == &process; });
  return is_setup ? machines_.start(plan, process) : container_.launch(process);
}

}  // namespace batchai::server
