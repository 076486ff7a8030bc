#pragma once

#include "server/run/command.hpp"
#include "server/slurm/slurm_settings.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace batchai::server {

/// Slurm's commands, as `squeue`. Thread-safe.
class SlurmCommands {
 public:
  virtual ~SlurmCommands() = default;
  /// Without a shell, and with nothing of this program's environment but what Slurm needs. Does not throw: a command
  /// that cannot be started has failed, with the reason in `errors`.
  virtual CommandResult run(const std::string& program, std::vector<std::string> arguments,
                            std::chrono::milliseconds timeout) = 0;
};

/// Those of this machine.
class InstalledSlurmCommands final : public SlurmCommands {
 public:
  explicit InstalledSlurmCommands(SlurmSettings settings);
  CommandResult run(const std::string& program, std::vector<std::string> arguments,
                    std::chrono::milliseconds timeout) override;

 private:
  SlurmSettings settings_;
  std::map<std::string, std::string> environment_;
};

/// The environment that jobs begin with: PATH (with Slurm's commands), HOME and the like of this program, and nothing
/// else.
std::map<std::string, std::string> slurm_environment(const SlurmSettings& settings);

}  // namespace batchai::server
