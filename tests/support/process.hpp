#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace batchai::test {

/// What a finished process left behind.
struct ProcessResult {
  /// 128 + n after signal n.
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// A child process with its standard streams on files of their own and nothing of this process's AZURE_* and BATCHAI_*
/// environment. Killed and reaped when it goes out of scope.
class Process {
 public:
  Process(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment = {},
          const std::string& input = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Waits for the end; kills the process and fails the test if that takes longer.
  ProcessResult wait(std::chrono::seconds at_most = std::chrono::minutes(3));
  void signal(int number) const;
  int pid() const { return pid_; }
  /// What it has written so far.
  std::string out() const;
  std::string err() const;

 private:
  ProcessResult collect(int status);
  std::filesystem::path folder_;
  int pid_ = -1;
};

/// Runs a process to its end.
ProcessResult run_process(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {}, const std::string& input = {});

}  // namespace batchai::test
