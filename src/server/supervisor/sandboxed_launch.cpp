#include "server/supervisor/sandboxed_launch.hpp"

#include "core/descriptor.hpp"
#include "server/run/sandbox.hpp"
#include "server/supervisor/begin_report.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/memory_file.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run_places.hpp"

#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/wait.h>

namespace batchai::server {

namespace {

/// What bwrap starts. The error output is for bwrap until it has done its work: a byte says that it has. With -p, bash
/// takes nothing from the variables of the job.
constexpr const char* kBeginInSandbox = R"sh(printf '\001' >&2; exec 2>&4 4>&-
[ "$2" = 0 ] || ulimit -u "$2" 2> /dev/null
exec -a bash /bin/bash -c "$1")sh";

/// The arguments in a file that only this process and bwrap have: the variables of a job are secret, and those that
/// tell the dynamic linker what to load must not be bwrap's own.
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
  return memory_file(text);
}

/// The limit of the kernel, for each sandbox, is a little above the one that the supervisor ends the run at, so that it
/// does: a bomb of processes would go on for ever otherwise. Inside, since there it counts for this sandbox only.
std::string most_tasks(const RunPlan& plan) {
  constexpr std::uint64_t kSlack = 64;
  const auto limit = plan.limits.processes * plan.nodes.size();
  return std::to_string(limit == 0 ? 0 : limit + kSlack);
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

}  // namespace

pid_t launch_in_sandbox(const RunPlan& plan, const RunProcess& process) {
  const auto program = sandbox_program();
  if (program.empty()) {
    refuse_sandbox(process.name, "bubblewrap is not installed on this machine");
  }
  const auto arguments = arguments_file(plan, process);
  const RunPlaces places(plan);
  const auto output = places.open_output(process.stdout_file, O_APPEND | O_TRUNC);
  const auto errors = places.open_output(process.stderr_file, O_APPEND | O_TRUNC);
  auto [report, report_end] = make_report();
  const pid_t pid =
      launch_program({.name = process.name,
                      .program = program,
                      .arguments = {"bwrap", "--args", "3", "--", "/bin/bash", "-p", "-c", kBeginInSandbox, "bash",
                                    shell_script(process.command), most_tasks(plan)},
                      .environment = {std::string(kRunIdVariable) + "=" + plan.run_id},
                      .output = output.get(),
                      .error_output = report_end.get(),
                      .passed = {arguments.get(), errors.get()},
                      .limits = process_limits(plan)});
  report_end.reset();
  const auto [text, begun] = await_begin(report);
  if (!begun) {
    ::waitpid(pid, nullptr, 0);
    refuse_sandbox(process.name, text);
  }
  return pid;
}

}  // namespace batchai::server
