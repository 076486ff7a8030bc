#pragma once

#include "server/run/engine.hpp"

#include <filesystem>

namespace batchai::server {

/// Starts the program `supervisor` for the plan, with its records in `run_folder` (which exists), and waits until it
/// has taken the run over: from then on the run does not depend on this process. The plan goes through a socket.
/// Throws std::exception with the reason if it does not take over; then none will do so later. Where the same may work
/// soon, is_shortage() is true for it. A supervisor that has the run but does not answer is no error.
void start_supervisor(const std::filesystem::path& supervisor, const std::filesystem::path& run_folder,
                      const RunPlan& plan);

}  // namespace batchai::server
