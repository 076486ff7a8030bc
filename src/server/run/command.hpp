#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace batchai::server {

/// A program with its arguments, started without a shell.
struct Command {
  /// A name without a slash is looked for in the folders of PATH.
  std::string program;
  std::vector<std::string> arguments = {};
  /// All that it gets; nothing of this program's own.
  std::map<std::string, std::string> environment = {};
  /// After that it is killed.
  std::chrono::milliseconds timeout{10'000};
  /// Longest output of each kind; a command that prints more has failed.
  std::size_t most_output = 64 * 1024 * 1024;
};

struct CommandResult {
  /// 0…255, 128 + n after signal n.
  int exit_code = 0;
  bool timed_out = false;
  std::string output = {};
  std::string errors = {};

  bool succeeded() const noexcept { return !timed_out && exit_code == 0; }
};

/// A program in the folders of PATH, which are absolute ones; empty where there is none.
std::filesystem::path find_program(const std::string& name);

/// Runs the command to its end and returns what it printed. Throws std::system_error if it cannot be started.
/// Thread-safe.
CommandResult run_command(const Command& command);

}  // namespace batchai::server
