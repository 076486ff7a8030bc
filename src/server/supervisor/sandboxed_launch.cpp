#include "server/supervisor/sandboxed_launch.hpp"

#include "core/descriptor.hpp"
#include "server/run/sandbox.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/begin_report.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/memory_file.hpp"
#include "server/supervisor/process_limits.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run_places.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::server {

namespace {

/// What bwrap takes (MAX_ARGS).
constexpr std::size_t kMostWords = 9'000;
/// bwrap sets it.
constexpr std::string_view kFolderVariable = "PWD";

/// The arguments in a file that only this process and bwrap have: the variables of a job are secret. Only what is in
/// the sandbox gets them.
Descriptor arguments_file(const RunPlan& plan, const RunProcess& process) {
  auto words = sandbox_arguments(plan, process.node);
  const auto variables = environment_block(plan, process);
  for (const auto& variable : variables) {
    const auto end = variable.find('=');
    if (const auto name = variable.substr(0, end); name != kFolderVariable) {
      words.insert(words.end(), {"--setenv", name, variable.substr(end + 1)});
    }
  }
  // Its descriptors are those of SandboxStart::ends(), after this file.
  words.insert(words.end(), {"--die-with-parent", "--info-fd", "4", "--block-fd", "5"});
  if (words.size() > kMostWords) {
    throw std::runtime_error("cannot start " + process.name + " in a sandbox: it has " +
                             std::to_string(variables.size()) + " environment variables, and bwrap takes " +
                             std::to_string(kMostWords) + " words, three for each");
  }
  std::string text;
  for (const auto& word : words) {
    text.append(word).push_back('\0');
  }
  return memory_file(text);
}

/// The limit of the kernel, for each sandbox, is a little above the one that the supervisor ends the run at, so that it
/// does: a bomb of processes would go on for ever otherwise. Inside, since there it counts for this sandbox only.
std::uint64_t most_tasks(const RunPlan& plan) {
  constexpr std::uint64_t kSlack = 64;
  const auto limit = plan.limits.processes * plan.nodes.size();
  return limit == 0 ? 0 : limit + kSlack;
}

[[noreturn]] void refuse_sandbox(const std::string& name, std::string reason) {
  while (!reason.empty() && reason.back() == '\n') {
    reason.pop_back();
  }
  const auto message = "cannot start " + name + " in a sandbox: " + reason;
  for (const auto shortage : {std::errc::resource_unavailable_try_again, std::errc::not_enough_memory,
                              std::errc::too_many_files_open, std::errc::too_many_files_open_in_system}) {
    if (reason.ends_with(std::strerror(static_cast<int>(shortage)))) {
      throw std::system_error(std::make_error_code(shortage), message);
    }
  }
  throw std::runtime_error(message);
}

/// The same pipe, never at an end for who has this: bwrap would go on there.
Descriptor without_end(const Descriptor& pipe) {
  Descriptor result(::open(("/proc/self/fd/" + std::to_string(pipe.get())).c_str(), O_RDWR | O_CLOEXEC));
  if (!result) {
    throw_errno("cannot hold a sandbox");
  }
  return result;
}

/// A bwrap while it makes a sandbox. It is held before the job begins.
class SandboxStart {
 public:
  SandboxStart() {
    std::tie(information_, information_end_) = make_report();
    Descriptor reading;
    std::tie(reading, release_) = make_report();
    held_ = without_end(reading);
  }

  /// What bwrap is to get, as --info-fd and --block-fd.
  std::vector<int> ends() const { return {information_end_.get(), held_.get()}; }

  /// To be called as soon as bwrap has them: then it is seen here when it does not.
  void close_ends() {
    information_end_.reset();
    held_.reset();
  }

  /// Whether bwrap says which the first process of the sandbox is.
  Begin find_first() {
    const auto deadline = std::chrono::steady_clock::now() + kLongestSetUp;
    std::string text;
    std::array<char, 256> buffer{};
    while (true) {
      if (!await_event(information_, POLLIN, deadline)) {
        return Begin::Late;
      }
      const auto count = ::read(information_.get(), buffer.data(), buffer.size());
      if (count <= 0) {
        break;
      }
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const auto object = nlohmann::json::parse(text, nullptr, false);
    if (!object.is_object() || !object.contains("child-pid")) {
      return Begin::No;
    }
    first_ = object.at("child-pid").get<pid_t>();
    return Begin::Yes;
  }

  /// After find_first(). It waits, and has run nothing of the job.
  pid_t first() const { return first_; }

  /// Lets the job begin as soon as its sandbox is made; not if bwrap ends without having made it.
  Begin let_begin() const {
    if (::write(release_.get(), "1", 1) != 1) {
      return Begin::No;
    }
    // All that could read it have closed it.
    if (!await_event(release_, 0, std::chrono::steady_clock::now() + kLongestSetUp)) {
      return Begin::Late;
    }
    int left = 0;
    return ::ioctl(release_.get(), FIONREAD, &left) == 0 && left == 0 ? Begin::Yes : Begin::No;
  }

  /// Ends all of it: the first process does not end with the program outside as long as it is held.
  void end(pid_t outside) const {
    if (::waitpid(outside, nullptr, WNOHANG) != 0) {
      return;
    }
    if (first_ > 0) {
      ::kill(first_, SIGKILL);
    }
    ::kill(outside, SIGKILL);
    ::waitpid(outside, nullptr, 0);
  }

 private:
  Descriptor information_;
  Descriptor information_end_;
  Descriptor held_;
  Descriptor release_;
  pid_t first_ = 0;
};

/// bwrap would find out after it has been let go on. Links are its own to follow, inside.
void check_folder(const RunPlaces& places, const RunPlan& plan, const RunProcess& process) {
  const auto& folder = plan.nodes.at(process.node).working_directory;
  if (folder.empty()) {
    return;
  }
  const auto place = places.find(folder);
  std::error_code ignored;
  const auto found = place ? std::filesystem::symlink_status(place->path, ignored) : std::filesystem::file_status();
  if (!std::filesystem::is_directory(found) && !std::filesystem::is_symlink(found)) {
    refuse_sandbox(process.name, "there is no folder " + folder.string());
  }
}

/// The last that bwrap has written in place of the job; empty where that was not kept.
std::string take_errors(const Descriptor& errors) {
  std::array<char, 4096> buffer{};
  struct stat status {};
  const Descriptor file(
      ::open(("/proc/self/fd/" + std::to_string(errors.get())).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return "";
  }
  const auto begin = std::max<off_t>(0, status.st_size - static_cast<off_t>(buffer.size()));
  const auto count = ::pread(file.get(), buffer.data(), buffer.size(), begin);
  [[maybe_unused]] const int emptied = ::ftruncate(errors.get(), 0);
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(0, count))};
}

/// Why bwrap has ended without having made a sandbox.
std::string reason_of_end(const RunPlan& plan, const RunProcess& process, const Descriptor& errors) {
  auto reason = take_errors(errors);
  return reason.empty() ? why_no_sandbox(plan, process.node).value_or("bwrap does not say why") : reason;
}

}  // namespace

pid_t launch_in_sandbox(const RunPlan& plan, const RunProcess& process, const std::function<void(pid_t)>& note) {
  const auto program = sandbox_program();
  if (program.path.empty()) {
    refuse_sandbox(process.name, "bubblewrap is not installed on this machine");
  }
  const auto arguments = arguments_file(plan, process);
  const RunPlaces places(plan);
  check_folder(places, plan, process);
  const auto output = places.open_output(process.stdout_file, O_APPEND | O_TRUNC);
  const auto errors = places.open_output(process.stderr_file, O_APPEND | O_TRUNC);
  SandboxStart start;
  std::vector<int> passed{arguments.get()};
  std::ranges::copy(start.ends(), std::back_inserter(passed));
  const pid_t pid = launch_program(
      {.name = process.name,
       .program = program.path,
       .arguments = {"bwrap", "--args", "3", "--", "/bin/bash", "-c", shell_script(process.command), "bash"},
       .environment = {std::string(kRunIdVariable) + "=" + plan.run_id},
       .output = output.get(),
       .error_output = errors.get(),
       .passed = std::move(passed),
       .limits = process_limits(plan),
       .keeps_mounts = true});
  start.close_ends();
  try {
    auto begun = start.find_first();
    if (begun == Begin::Yes) {
      limit_tasks(start.first(), most_tasks(plan));
      if (note) {
        note(start.first());
      }
      begun = start.let_begin();
    }
    if (begun != Begin::Yes) {
      refuse_sandbox(process.name,
                     begun == Begin::No ? reason_of_end(plan, process, errors) : "bwrap does not make it in time");
    }
  } catch (...) {
    start.end(pid);
    throw;
  }
  return pid;
}

}  // namespace batchai::server
