#pragma once

#include "server/slurm/slurm_commands.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace batchai::server::test {

/// Commands of Slurm whose answers a test gives; keeps what was called. Thread-safe.
class CannedCommands final : public SlurmCommands {
 public:
  CannedCommands() {
    answer("scontrol", {.output = "Slurmctld(primary) at here is UP\n"});
    answer("squeue", {});
    answer("sinfo", {.output = "n1|main*|idle|infinite|4|none\n"});
    answer("sbatch", {.output = "1\n"});
    answer("scancel", {});
  }

  void answer(const std::string& program, CommandResult result) {
    answer_by(program, [result](const auto&) { return result; });
  }
  void answer_by(const std::string& program, std::function<CommandResult(const std::vector<std::string>&)> function) {
    const std::scoped_lock lock(mutex_);
    answers_[program] = std::move(function);
  }

  CommandResult run(const std::string& program, std::vector<std::string> arguments,
                    std::chrono::milliseconds) override {
    const std::scoped_lock lock(mutex_);
    std::string line = program;
    for (const auto& argument : arguments) {
      line += " " + argument;
    }
    calls_.push_back(line);
    called_.notify_all();
    const auto found = answers_.find(program);
    return found == answers_.end() ? CommandResult{.exit_code = 127, .errors = "no such command"}
                                   : found->second(arguments);
  }

  std::vector<std::string> calls(const std::string& begin = "") const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> result;
    for (const auto& line : calls_) {
      if (line.starts_with(begin)) {
        result.push_back(line);
      }
    }
    return result;
  }

  /// Waits until that many lines begin so; false after a minute.
  bool wait_for(const std::string& begin, std::size_t count = 1) const {
    std::unique_lock lock(mutex_);
    return called_.wait_for(lock, std::chrono::seconds(60), [&] {
      std::size_t found = 0;
      for (const auto& line : calls_) {
        found += line.starts_with(begin) ? 1 : 0;
      }
      return found >= count;
    });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable called_;
  std::map<std::string, std::function<CommandResult(const std::vector<std::string>&)>> answers_;
  std::vector<std::string> calls_;
};

}  // namespace batchai::server::test
