#pragma once

#include "server/run/engine.hpp"
#include "server/supervisor/process_limits.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace batchai::server {

/// Variables of this program that the processes of a run get too (PATH, HOME, USER, LOGNAME, SHELL, LANG, LC_ALL, TZ,
/// TMPDIR); PATH, HOME and SHELL always have a value. Nothing else is passed on: it is the service's.
std::map<std::string, std::string> base_environment();

/// Complete environment of a process of the plan: base, plan, process, the run's mark, each stronger than those
/// before.
std::map<std::string, std::string> process_environment(const RunPlan& plan, const RunProcess& process);

/// The same as execve(2) wants it: `NAME=value`. Throws std::invalid_argument for what cannot be passed on.
std::vector<std::string> environment_block(const RunPlan& plan, const RunProcess& process);

/// What is given to `/bin/bash -c`: reads `~/.bashrc` first (bash itself does so in interactive shells only, and job
/// preparations extend it), on the first line of the command so that line numbers in messages stay right.
std::string shell_script(const std::string& command);

/// Starts the process in a process group of its own, with an end of input as standard input and the files of `process`
/// as outputs; they exist, empty, when this returns. It is killed when the calling thread ends. Throws
/// std::exception if it cannot be started or an output is no file. In a plan with a sandbox, what is started is
/// `bwrap`, which is not inside and ends, with the same exit code, when the process does; it must get no soft signal.
/// `note` is told the first process of the sandbox before anything of the job runs in there.
pid_t launch(const RunPlan& plan, const RunProcess& process, const std::function<void(pid_t)>& note = {});

/// A program to be started, with all that it gets.
struct ProgramStart {
  /// For messages.
  std::string name;
  /// Path.
  std::filesystem::path program;
  /// The first one is its own name.
  std::vector<std::string> arguments;
  /// `NAME=value`.
  std::vector<std::string> environment;
  /// Empty: the root.
  std::filesystem::path folder = {};
  /// Empty: nowhere.
  std::filesystem::path stdout_file = {};
  std::filesystem::path stderr_file = {};
  /// In place of these files; negative: none. They stay open here, too.
  int output = -1;
  int error_output = -1;
  /// What it gets as descriptors 3, 4 and so on; they stay open here.
  std::vector<int> passed = {};
  /// For a process of a job.
  std::optional<ProcessLimits> limits = {};
  /// Whether root's program does not see what is mounted later, in folders that it sees.
  bool keeps_mounts = false;
  /// Whether what is in these files already stays.
  bool appends = false;
};

/// The same for any program.
pid_t launch_program(ProgramStart program);

}  // namespace batchai::server
