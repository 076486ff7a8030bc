#pragma once

#include "server/run/engine.hpp"

#include <sys/types.h>

namespace batchai::server {

/// launch() for a plan that has a sandbox. Throws std::exception if the sandbox cannot be made, with the reason.
pid_t launch_in_sandbox(const RunPlan& plan, const RunProcess& process);

}  // namespace batchai::server
