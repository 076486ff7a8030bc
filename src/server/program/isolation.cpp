#include "server/program/isolation.hpp"

#include "server/run/sandbox.hpp"

#include <sstream>
#include <vector>

namespace batchai::server {

namespace {

std::vector<std::filesystem::path> readable_paths(const std::string& list) {
  std::vector<std::filesystem::path> result;
  std::istringstream stream(list);
  for (std::string path; std::getline(stream, path, ':');) {
    if (!std::filesystem::path(path).is_absolute()) {
      throw UsageError("--sandbox-readable takes absolute paths with ':' between them, not '" + path + "'");
    }
    result.emplace_back(path);
  }
  return result;
}

/// What all runs have in common.
RunSandbox common_sandbox(const ServerOptions& options, const std::filesystem::path& data_folder) {
  RunSandbox sandbox{.readable = readable_paths(options.sandbox_readable), .hidden = {data_folder}};
  if (options.tls == TlsMode::Files) {
    sandbox.hidden.push_back(std::filesystem::absolute(options.private_key));
  }
  return sandbox;
}

}  // namespace

Isolation choose_isolation(const ServerOptions& options, const std::filesystem::path& data_folder) {
  auto sandbox = common_sandbox(options, data_folder);
  if (options.isolation == IsolationMode::None) {
    return {};
  }
  auto trial = sandbox;
  trial.writable.push_back(data_folder / "files");
  const auto trouble = why_no_sandbox(trial);
  if (!trouble) {
    return {.sandbox = std::move(sandbox), .trouble = {}};
  }
  if (options.isolation == IsolationMode::Sandbox) {
    throw UsageError("--isolation sandbox: " + *trouble);
  }
  return {.sandbox = std::nullopt, .trouble = *trouble};
}

}  // namespace batchai::server
