#include "server/supervisor/sandboxed_launch.hpp"

#include "core/descriptor.hpp"
#include "core/private_file.hpp"
#include "server/run/sandbox.hpp"
#include "server/supervisor/begin_report.hpp"
#include "server/supervisor/events.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/memory_file.hpp"
#include "server/supervisor/process_limits.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run_places.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <optional>
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
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::server {

namespace {

/// How long bwrap may take for one of its steps.
constexpr std::chrono::seconds kLongestStep{20};

/// The arguments in a file that only this process and bwrap have: the variables of a job are secret. Only what is in
/// the sandbox gets them.
Descriptor arguments_file(const RunPlan& plan, const RunProcess& process) {
  std::string text;
  const auto add_word = [&text](std::string_view word) { text.append(word).push_back('\0'); };
  for (const auto& word : sandbox_arguments(plan, process.node)) {
    add_word(word);
  }
  for (const auto& variable : environment_block(plan, process)) {
    const auto end = variable.find('=');
    add_word("--setenv");
    add_word(std::string_view(variable).substr(0, end));
    add_word(std::string_view(variable).substr(end + 1));
  }
  for (const char* word : {"--die-with-parent", "--info-fd", "4", "--block-fd", "5"}) {
    add_word(word);
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

/// For what has said why in its errors.
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

/// False if nothing has happened in time.
bool await_event(const Descriptor& descriptor, short event) {
  const auto deadline = std::chrono::steady_clock::now() + kLongestStep;
  while (true) {
    pollfd entry{.fd = descriptor.get(), .events = event, .revents = 0};
    const int ready = ::poll(&entry, 1, poll_timeout(deadline));
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

/// A bwrap while it makes a sandbox. It is held before the job begins.
class SandboxStart {
 public:
  SandboxStart() {
    std::tie(information_, information_end_) = make_report();
    std::tie(held_, release_) = make_report();
  }

  /// What bwrap is to get.
  std::vector<int> ends() const { return {information_end_.get(), held_.get()}; }

  /// To be called as soon as bwrap has them: then it is seen here when it does not.
  void close_ends() {
    information_end_.reset();
    held_.reset();
  }

  /// The first process of the sandbox; nothing if bwrap has ended or does not say it.
  std::optional<pid_t> first_process() const {
    std::string text;
    std::array<char, 256> buffer{};
    while (await_event(information_, POLLIN)) {
      const auto count = ::read(information_.get(), buffer.data(), buffer.size());
      if (count <= 0) {
        break;
      }
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const auto object = nlohmann::json::parse(text, nullptr, false);
    return object.is_object() && object.contains("child-pid") ? std::optional(object.at("child-pid").get<pid_t>())
                                                              : std::nullopt;
  }

  /// Lets the job begin as soon as its sandbox is made; not if bwrap ends without having made it.
  Begin let_begin() const {
    if (::write(release_.get(), "1", 1) != 1) {
      return Begin::No;
    }
    // All that could read it have closed it.
    if (!await_event(release_, 0)) {
      return Begin::Late;
    }
    int left = 0;
    return ::ioctl(release_.get(), FIONREAD, &left) == 0 && left == 0 ? Begin::Yes : Begin::No;
  }

 private:
  Descriptor information_;
  Descriptor information_end_;
  Descriptor held_;
  Descriptor release_;
};

/// bwrap would find out after it has been let go on.
void check_folder(const RunPlaces& places, const RunPlan& plan, const RunProcess& process) {
  const auto& folder = plan.nodes.at(process.node).working_directory;
  if (folder.empty()) {
    return;
  }
  const auto place = places.find(folder);
  std::error_code ignored;
  if (!place || !std::filesystem::is_directory(place->path, ignored)) {
    refuse_sandbox(process.name, "there is no folder " + folder.string());
  }
}

/// What bwrap has written in place of the job.
std::string take_errors(const Descriptor& errors) {
  auto text = read_private_file("/proc/self/fd/" + std::to_string(errors.get())).value_or("");
  return ::ftruncate(errors.get(), 0) == 0 && !text.empty() ? text : "bwrap does not say why";
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
  const auto errors =
      process.stderr_file.empty() ? memory_file("") : places.open_output(process.stderr_file, O_APPEND | O_TRUNC);
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
    const auto first = start.first_process();
    if (first) {
      limit_tasks(*first, most_tasks(plan));
      if (note) {
        note(*first);
      }
    }
    const auto begun = first ? start.let_begin() : Begin::No;
    if (begun != Begin::Yes) {
      refuse_sandbox(process.name, begun == Begin::No ? take_errors(errors) : "bwrap does not make it in time");
    }
  } catch (...) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    throw;
  }
  return pid;
}

}  // namespace batchai::server
