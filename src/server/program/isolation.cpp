#include "server/program/isolation.hpp"

#include "server/run/sandbox.hpp"

#include <sstream>
#include <system_error>
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

/// By the name that it is known by and, where there are links on the way, by its own.
void hide_by_all_names(RunSandbox& sandbox, const std::filesystem::path& path) {
  sandbox.hidden.push_back(path);
  std::error_code error;
  if (auto other = std::filesystem::canonical(path, error); !error && other != path) {
    sandbox.hidden.push_back(std::move(other));
  }
}

/// What all runs have in common.
RunSandbox common_sandbox(const ServerOptions& options, const std::filesystem::path& data_folder) {
  RunSandbox sandbox{.readable = readable_paths(options.sandbox_readable)};
  hide_by_all_names(sandbox, data_folder);
  if (options.tls == TlsMode::Files) {
    hide_by_all_names(sandbox, std::filesystem::absolute(options.private_key));
  }
  return sandbox;
}

}  // namespace

Isolation choose_isolation(const ServerOptions& options, const std::filesystem::path& data_folder) {
  auto sandbox = common_sandbox(options, data_folder);
  if (options.isolation == IsolationMode::None) {
    return {.view = std::move(sandbox)};
  }
  auto trial = sandbox;
  trial.writable.push_back(data_folder / "files");
  const auto trouble = why_no_sandbox(trial);
  if (!trouble) {
    return {.view = sandbox, .sandbox = sandbox};
  }
  if (options.isolation == IsolationMode::Sandbox) {
    throw UsageError("--isolation sandbox: " + *trouble);
  }
  return {.view = std::move(sandbox), .trouble = *trouble};
}

}  // namespace batchai::server
