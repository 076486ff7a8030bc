#include "server/supervisor/sandboxed_launch.hpp"

#include "core/descriptor.hpp"
#include "core/shell_quote.hpp"
#include "server/run/sandbox.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/begin_report.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/memory_file.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run_places.hpp"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::server {

namespace {

/// What bwrap starts. The error output is for bwrap until it has done its work: a byte says that it has, and another
/// one is the answer. Until then nothing of the job runs, and nothing that its variables name.
constexpr const char* kBeginInSandbox = R"sh([ "$2" = 0 ] || ulimit -u "$2" 2> /dev/null
printf '\001' >&2
read -r -N 1 -u 6 || exit
exec 2> /dev/null 6<&-
. /dev/fd/7
exec 2>&4 4>&- 7<&-
exec -a bash /bin/bash -c "$1")sh";

/// What bash does not let anybody set.
constexpr std::string_view kReadOnly[] = {"BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID"};

bool is_shell_name(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::ranges::all_of(name, [](unsigned char letter) { return std::isalnum(letter) != 0 || letter == '_'; });
}

/// The job's variables as source text for the shell in the sandbox, and the others as arguments of bwrap: they have
/// names that only programs can use.
struct Variables {
  std::string script;
  std::vector<std::string> arguments;
};

Variables variables_of(const RunPlan& plan, const RunProcess& process) {
  Variables result;
  for (const auto& variable : environment_block(plan, process)) {
    const auto end = variable.find('=');
    const auto name = variable.substr(0, end);
    if (!is_shell_name(name)) {
      result.arguments.insert(result.arguments.end(), {"--setenv", name, variable.substr(end + 1)});
    } else if (std::ranges::find(kReadOnly, name) == std::end(kReadOnly)) {
      result.script += "export " + name + "=" + shell_quote(variable.substr(end + 1)) + "\n";
    }
  }
  return result;
}

/// The arguments in a file that only this process and bwrap have: the variables of a job are secret.
Descriptor arguments_file(const RunPlan& plan, const RunProcess& process, const Variables& variables) {
  std::string text;
  const auto add_word = [&text](std::string_view word) { text.append(word).push_back('\0'); };
  for (const auto& word : sandbox_arguments(plan, process.node)) {
    add_word(word);
  }
  for (const auto& word : variables.arguments) {
    add_word(word);
  }
  for (const char* word : {"--die-with-parent", "--info-fd", "5"}) {
    add_word(word);
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

/// The first process of the sandbox, as bwrap has written it down.
pid_t first_process(const Descriptor& information) {
  const auto object = nlohmann::json::parse(text_of(information), nullptr, false);
  if (!object.is_object() || !object.contains("child-pid")) {
    throw std::runtime_error("bwrap does not say which process it has made");
  }
  return object.at("child-pid").get<pid_t>();
}

/// Lets the job begin.
void answer(const Descriptor& begin) {
  if (::write(begin.get(), "1", 1) != 1) {
    throw_errno("cannot let a process in a sandbox begin");
  }
}

void wait_for_begin(const RunProcess& process, const Descriptor& report) {
  const auto [text, begun] = await_begin(report);
  if (begun != Begin::Yes) {
    refuse_sandbox(process.name, begun == Begin::No ? text : "bwrap does not make it in time");
  }
}

}  // namespace

pid_t launch_in_sandbox(const RunPlan& plan, const RunProcess& process, const std::function<void(pid_t)>& note) {
  const auto program = sandbox_program();
  if (program.path.empty()) {
    refuse_sandbox(process.name, "bubblewrap is not installed on this machine");
  }
  const auto variables = variables_of(plan, process);
  const auto arguments = arguments_file(plan, process, variables);
  const auto script = memory_file(variables.script);
  const auto information = memory_file("");
  const RunPlaces places(plan);
  const auto output = places.open_output(process.stdout_file, O_APPEND | O_TRUNC);
  const auto errors = places.open_output(process.stderr_file, O_APPEND | O_TRUNC);
  auto [report, report_end] = make_report();
  auto [begin, begin_end] = make_report();
  const pid_t pid =
      launch_program({.name = process.name,
                      .program = program.path,
                      .arguments = {"bwrap", "--args", "3", "--", "/bin/bash", "-p", "-c", kBeginInSandbox, "bash",
                                    shell_script(process.command), most_tasks(plan)},
                      .environment = {std::string(kRunIdVariable) + "=" + plan.run_id},
                      .output = output.get(),
                      .error_output = report_end.get(),
                      .passed = {arguments.get(), errors.get(), information.get(), begin.get(), script.get()},
                      .limits = process_limits(plan),
                      .keeps_mounts = true});
  report_end.reset();
  try {
    wait_for_begin(process, report);
    if (note) {
      note(first_process(information));
    }
    answer(begin_end);
  } catch (...) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    throw;
  }
  return pid;
}

}  // namespace batchai::server
