#pragma once

#include "server/run/engine.hpp"
#include "server/supervisor/events.hpp"
#include "server/supervisor/launcher.hpp"

namespace batchai::server {

/// Runs the plan from its folders to its last process and removes the mounts again. Signals must be blocked
/// (Events::block_signals) and the caller be a subreaper with one thread. Does not throw because of the plan.
RunOutcome run_plan(const RunPlan& plan, Launcher& launcher);

}  // namespace batchai::server
