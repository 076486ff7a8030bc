#include "server/run/command.hpp"

#include "core/descriptor.hpp"
#include "core/pointers_to.hpp"
#include "server/run/system_error.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

namespace batchai::server {

namespace {

using CommandClock = std::chrono::steady_clock;

/// Between two looks at a program that has closed its outputs and not ended.
constexpr std::chrono::milliseconds kLookAgain{1};

std::pair<Descriptor, Descriptor> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw_errno("cannot make a pipe");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// No input, and two pipes as outputs.
class CommandFiles {
 public:
  CommandFiles(int output, int errors) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, 1);
    ::posix_spawn_file_actions_adddup2(&actions_, errors, 2);
  }
  ~CommandFiles() { ::posix_spawn_file_actions_destroy(&actions_); }
  CommandFiles(const CommandFiles&) = delete;
  CommandFiles& operator=(const CommandFiles&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A process group of its own, to be killed as a whole, and no signal blocked or ignored.
class CommandAttributes {
 public:
  CommandAttributes() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~CommandAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  CommandAttributes(const CommandAttributes&) = delete;
  CommandAttributes& operator=(const CommandAttributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

pid_t spawn_command(const Command& command, int output, int errors) {
  std::vector<std::string> arguments{command.program};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : command.environment) {
    environment.push_back(name + "=" + value);
  }
  const CommandFiles files(output, errors);
  const CommandAttributes attributes;
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, command.program.c_str(), files.get(), attributes.get(),
                                   pointers_to(arguments).data(), pointers_to(environment).data());
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot start " + command.program);
  }
  return pid;
}

/// Adds what there is to read; false at the end.
bool read_some(int descriptor, std::string& text) {
  std::array<char, 65'536> buffer{};
  const auto count = ::read(descriptor, buffer.data(), buffer.size());
  if (count < 0) {
    return errno == EINTR;
  }
  text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

/// Reads both outputs to their ends; false if that takes too long or is too much.
bool read_outputs(const Command& command, CommandClock::time_point deadline, Descriptor output, Descriptor errors,
                  CommandResult& result) {
  while (output || errors) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - CommandClock::now());
    if (left.count() <= 0 || result.output.size() > command.most_output || result.errors.size() > command.most_output) {
      return false;
    }
    std::array<pollfd, 2> entries{
        {{.fd = output.get(), .events = POLLIN, .revents = 0}, {.fd = errors.get(), .events = POLLIN, .revents = 0}}};
    ::poll(entries.data(), entries.size(), static_cast<int>(left.count()));
    if (entries[0].revents != 0 && !read_some(output.get(), result.output)) {
      output.reset();
    }
    if (entries[1].revents != 0 && !read_some(errors.get(), result.errors)) {
      errors.reset();
    }
  }
  return true;
}

}  // namespace

CommandResult run_command(const Command& command) {
  const auto deadline = CommandClock::now() + command.timeout;
  auto [output, output_end] = make_pipe();
  auto [errors, errors_end] = make_pipe();
  const pid_t pid = spawn_command(command, output_end.get(), errors_end.get());
  output_end.reset();
  errors_end.reset();
  CommandResult result;
  bool in_time = read_outputs(command, deadline, std::move(output), std::move(errors), result);
  int status = 0;
  while (in_time && ::waitpid(pid, &status, WNOHANG) == 0) {
    in_time = CommandClock::now() < deadline;
    std::this_thread::sleep_for(kLookAgain);
    if (!in_time) {
      break;
    }
  }
  if (!in_time) {
    ::kill(-pid, SIGKILL);
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    result.timed_out = true;
  }
  result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

}  // namespace batchai::server
