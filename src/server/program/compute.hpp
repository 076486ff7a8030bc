#pragma once

#include "batchai/core/clock.hpp"
#include "server/program/server_options.hpp"
#include "server/run/node_provider.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace batchai::server {

/// What runs jobs, and the facts about its nodes.
struct Compute {
  std::unique_ptr<NodeProvider> nodes;
  std::unique_ptr<Engine> engine;
  /// Why it can start no job now; nothing if it can. Thread-safe, and waits for nothing.
  std::function<std::optional<std::string>()> trouble;
};

/// The program `batchai-supervisor`, beside this one.
std::filesystem::path supervisor_program();

/// The engine that `options.engine` names, over the runs of this data folder. The only place that knows which engines
/// there are. `report` is called with what operators should know, from any thread. Throws std::exception if the engine
/// cannot be started, and std::runtime_error where there are runs of another engine.
Compute make_compute(const ServerOptions& options, const std::filesystem::path& data_folder,
                     const std::shared_ptr<Clock>& clock, std::function<void(const std::string&)> report);

}  // namespace batchai::server
