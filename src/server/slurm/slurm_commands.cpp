#include "server/slurm/slurm_commands.hpp"

#include "server/supervisor/launch.hpp"

#include <cstdlib>
#include <exception>
#include <utility>

namespace batchai::server {

std::map<std::string, std::string> slurm_environment(const SlurmSettings& settings) {
  auto environment = base_environment();
  environment.erase("TMPDIR");  // of this machine
  if (!settings.commands.empty()) {
    environment["PATH"] = settings.commands.string() + ":" + environment["PATH"];
  }
  if (!settings.config.empty()) {
    environment["SLURM_CONF"] = settings.config;
  } else if (const char* config = std::getenv("SLURM_CONF")) {
    environment["SLURM_CONF"] = config;
  }
  return environment;
}

InstalledSlurmCommands::InstalledSlurmCommands(SlurmSettings settings)
    : settings_(std::move(settings)), environment_(slurm_environment(settings_)) {
  // Its words are read here.
  environment_["LC_ALL"] = "C";
}

CommandResult InstalledSlurmCommands::run(const std::string& program, std::vector<std::string> arguments,
                                          std::chrono::milliseconds timeout) {
  try {
    return run_command({.program = settings_.commands.empty() ? program : (settings_.commands / program).string(),
                        .arguments = std::move(arguments),
                        .environment = environment_,
                        .timeout = timeout});
  } catch (const std::exception& error) {
    return {.exit_code = 127, .errors = error.what()};
  }
}

}  // namespace batchai::server
