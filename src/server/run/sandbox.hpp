#pragma once

#include "core/descriptor.hpp"
#include "server/run/engine.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Sandboxes are made by bubblewrap (`bwrap`): a user namespace without capabilities, with process identifiers, IPC,
/// `/proc`, `/dev` and `/tmp` of its own and a tree of folders that has been put together from those that may be seen.
/// The network is the machine's.
namespace batchai::server {

/// `bwrap`, to be executed as long as this object lives. Processes in a sandbox reach the file that its first process
/// executes, and its owner's may change its permissions; so its owner executes a copy.
struct SandboxProgram {
  std::filesystem::path path;
  Descriptor copy;
};

/// The one in the folders of PATH; an empty path where there is none. Throws std::system_error if it cannot be copied.
SandboxProgram sandbox_program();

/// Arguments of `bwrap`, up to the command that follows them, for a process on this node of a plan that has a sandbox.
/// Looks at the machine that it is called on. Holds no secrets. Throws std::exception if it cannot look.
std::vector<std::string> sandbox_arguments(const RunPlan& plan, std::size_t node);

/// Why no process can be started in such a sandbox on this machine, as one sentence; nothing if it can. Finds out by
/// starting one.
std::optional<std::string> why_no_sandbox(const RunSandbox& sandbox);
/// The same for a node of a plan that has a sandbox.
std::optional<std::string> why_no_sandbox(const RunPlan& plan, std::size_t node);

}  // namespace batchai::server
