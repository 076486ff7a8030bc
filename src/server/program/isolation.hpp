#pragma once

#include "server/program/server_options.hpp"
#include "server/run/engine.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace batchai::server {

/// What stands between jobs and this machine.
struct Isolation {
  /// What jobs see besides their own folders, in a sandbox or a container.
  RunSandbox view = {};
  /// What is the same for the sandboxes of all runs; nothing where there are none.
  std::optional<RunSandbox> sandbox = {};
  /// Why there are none although nobody has said that there should be none; empty otherwise. One sentence.
  std::string trouble = {};
};

/// Tries whether this machine can make sandboxes, unless none are wanted. Throws UsageError for paths that are not
/// absolute, and where the options ask for sandboxes and there can be none.
Isolation choose_isolation(const ServerOptions& options, const std::filesystem::path& data_folder);

}  // namespace batchai::server
