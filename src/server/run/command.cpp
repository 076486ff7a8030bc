#include "server/run/command.hpp"

#include "core/descriptor.hpp"
#include "server/run/spawn.hpp"
#include "server/run/system_error.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

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

pid_t spawn_command(const Command& command, int output, int errors) {
  SpawnFiles files;
  files.open(0, "/dev/null", O_RDONLY);
  files.duplicate(output, 1);
  files.duplicate(errors, 2);
  return spawn(command.program, command.arguments, command.environment, files, SpawnAs::GroupLeader);
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

std::filesystem::path find_program(const std::string& name) {
  const char* folders = std::getenv("PATH");
  std::istringstream stream(folders == nullptr ? "/usr/local/bin:/usr/bin:/bin" : folders);
  for (std::string folder; std::getline(stream, folder, ':');) {
    auto program = std::filesystem::path(folder) / name;
    if (program.is_absolute() && ::access(program.c_str(), X_OK) == 0) {
      return program;
    }
  }
  return {};
}

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
    std::this_thread::sleep_for(kLookAgain);
    in_time = CommandClock::now() < deadline;
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
