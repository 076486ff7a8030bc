#pragma once

#include "server/run/engine.hpp"

#include <filesystem>

namespace batchai::server {

/// Finds out whether runs can have containers on this machine, by running one as they do. `container` says where podman
/// keeps what. Where that is said, containers that runs have left behind are removed; `runs` has the records of all
/// runs. Returns the exit code of the program, which says on standard output why they cannot.
int try_containers(const RunContainer& container, const std::filesystem::path& runs);

}  // namespace batchai::server
