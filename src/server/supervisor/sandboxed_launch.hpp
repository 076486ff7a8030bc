#pragma once

#include "server/run/engine.hpp"

#include <functional>

#include <sys/types.h>

namespace batchai::server {

/// launch() for a plan that has a sandbox. Throws std::exception if the sandbox cannot be made, with the reason, and
/// what `note` throws; then nothing of the job has run.
pid_t launch_in_sandbox(const RunPlan& plan, const RunProcess& process, const std::function<void(pid_t)>& note);

}  // namespace batchai::server
