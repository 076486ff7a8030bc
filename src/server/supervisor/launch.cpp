#include "server/supervisor/launch.hpp"

#include "core/descriptor.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/output_file.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/sandboxed_launch.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace batchai::server {

namespace {

constexpr const char* kShell = "/bin/bash";

/// Everything that the child needs between fork and exec, prepared before.
struct Start {
  pid_t parent = 0;
  int input = -1;
  int output = -1;
  int error = -1;
  /// Takes errno when the program cannot be executed; closed when it is.
  int report = -1;
  const char* folder = nullptr;
  const char* program = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  const std::vector<Descriptor>* passed = nullptr;
  const ProcessLimits* limits = nullptr;
  bool keeps_mounts = false;
};

/// Above all numbers that a program gets descriptors as.
constexpr int kLeastCopy = 16;
constexpr int kFirstPassed = 3;

void reset_signals() {
  for (int number = 1; number < NSIG; ++number) {
    std::signal(number, SIG_DFL);  // always refused for SIGKILL and SIGSTOP
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool pass_on(const std::vector<Descriptor>& copies) {
  int number = kFirstPassed;
  for (const auto& copy : copies) {
    if (::dup2(copy.get(), number) != number) {
      return false;
    }
    ++number;
  }
  return true;
}

bool connect(const Start& start) {
  return ::dup2(start.input, 0) == 0 && ::dup2(start.output, 1) == 1 && ::dup2(start.error, 2) == 2 &&
         pass_on(*start.passed) && ::chdir(start.folder) == 0;
}

[[noreturn]] void become(const Start& start) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != start.parent) {
    ::_exit(127);  // the supervisor was gone before the signal was asked for
  }
  reset_signals();
  ::umask(022);
  if (start.limits != nullptr) {
    take_limits(*start.limits);
  }
  if (start.keeps_mounts && ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0) {
    ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  }
  if (connect(start)) {
    ::execve(start.program, start.arguments, start.environment);
  }
  const int error = errno;
  const auto written = ::write(start.report, &error, sizeof error);
  ::_exit(written == sizeof error ? 127 : 126);
}

Descriptor open_input() {
  Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!file) {
    throw_errno("cannot open /dev/null");
  }
  return file;
}

Descriptor copy_of(int descriptor) {
  Descriptor copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, kLeastCopy));
  if (!copy) {
    throw_errno("cannot pass a file on");
  }
  return copy;
}

Descriptor open_output(const std::filesystem::path& path, int given, bool appends) {
  return given >= 0 ? copy_of(given)
                    : open_output_file(path.empty() ? "/dev/null" : path, O_APPEND | (appends ? 0 : O_TRUNC));
}

std::vector<Descriptor> copies_of(const std::vector<int>& descriptors) {
  std::vector<Descriptor> copies;
  for (const int descriptor : descriptors) {
    copies.push_back(copy_of(descriptor));
  }
  return copies;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

/// Waits until the child has executed its program or said why not.
void confirm(pid_t pid, const Descriptor& report, const std::string& name) {
  int error = 0;
  ssize_t count = 0;
  do {
    count = ::read(report.get(), &error, sizeof error);
  } while (count < 0 && errno == EINTR);
  if (count == sizeof error) {
    ::waitpid(pid, nullptr, 0);
    errno = error;
    throw_errno("cannot start " + name);
  }
}

std::string home_folder() {
  const passwd* user = ::getpwuid(::geteuid());
  return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "/";
}

}  // namespace

std::map<std::string, std::string> base_environment() {
  std::map<std::string, std::string> result;
  for (const char* name : {"PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR"}) {
    if (const char* value = std::getenv(name)) {
      result[name] = value;
    }
  }
  result.try_emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  if (!result.contains("HOME")) {
    result["HOME"] = home_folder();
  }
  result["SHELL"] = kShell;
  return result;
}

std::map<std::string, std::string> process_environment(const RunPlan& plan, const RunProcess& process) {
  auto result = process.environment;
  result[kRunIdVariable] = plan.run_id;
  result.insert(plan.environment.begin(), plan.environment.end());
  auto base = base_environment();
  if (plan.sandbox) {
    base.erase("TMPDIR");  // the service's, and not there
    if (::geteuid() == 0) {
      // Root without the power to give files away: otherwise archives with files of others could not be unpacked.
      result.try_emplace("TAR_OPTIONS", "--no-same-owner");
    }
  }
  result.insert(base.begin(), base.end());
  if (!plan.programs.empty()) {
    result["PATH"] = plan.programs.string() + ":" + result["PATH"];
  }
  return result;
}

std::vector<std::string> environment_block(const RunPlan& plan, const RunProcess& process) {
  std::vector<std::string> block;
  for (const auto& [name, value] : process_environment(plan, process)) {
    if (name.empty() || (name + value).find('\0') != std::string::npos || name.find('=') != std::string::npos) {
      throw std::invalid_argument("environment variable \"" + name + "\": the name or the value cannot be passed on");
    }
    block.push_back(name + "=" + value);
  }
  return block;
}

std::string shell_script(const std::string& command) { return "if [ -r ~/.bashrc ]; then . ~/.bashrc; fi; " + command; }

pid_t launch(const RunPlan& plan, const RunProcess& process, const std::function<void(pid_t)>& note) {
  if (plan.sandbox) {
    return launch_in_sandbox(plan, process, note);
  }
  return launch_program({.name = process.name,
                         .program = kShell,
                         .arguments = {"bash", "-c", shell_script(process.command)},
                         .environment = environment_block(plan, process),
                         .folder = plan.nodes.at(process.node).working_directory,
                         .stdout_file = process.stdout_file,
                         .stderr_file = process.stderr_file,
                         .limits = process_limits(plan)});
}

pid_t launch_program(ProgramStart program) {
  const auto input = open_input();
  const auto output = open_output(program.stdout_file, program.output, program.appends);
  const auto error = open_output(program.stderr_file, program.error_output, program.appends);
  const auto passed = copies_of(program.passed);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw_errno("cannot start " + program.name);
  }
  const Descriptor report(ends[0]);
  Descriptor child_report(ends[1]);
  const auto environment_pointers = pointers(program.environment);
  const auto argument_pointers = pointers(program.arguments);
  const Start start{.parent = ::getpid(),
                    .input = input.get(),
                    .output = output.get(),
                    .error = error.get(),
                    .report = child_report.get(),
                    .folder = program.folder.empty() ? "/" : program.folder.c_str(),
                    .program = program.program.c_str(),
                    .arguments = argument_pointers.data(),
                    .environment = environment_pointers.data(),
                    .passed = &passed,
                    .limits = program.limits ? &*program.limits : nullptr,
                    .keeps_mounts = program.keeps_mounts};
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(start);
  }
  if (pid < 0) {
    throw_errno("cannot start " + program.name);
  }
  child_report.reset();
  confirm(pid, report, program.name);
  return pid;
}

}  // namespace batchai::server
