#include "server/supervisor/in_allocation.hpp"

#include "core/private_file.hpp"
#include "core/shortage.hpp"
#include "server/run/plan_json.hpp"
#include "server/run/run_records.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/allocation.hpp"
#include "server/supervisor/events.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run.hpp"
#include "server/supervisor/takeover.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::server {

namespace {

using Kind = RunOutcome::Kind;

constexpr std::chrono::milliseconds kBetweenKills{20};

Timestamp present() { return std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()); }

void write_to(const std::filesystem::path& log) {
  const Descriptor file(::open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (file) {
    ::dup2(file.get(), 1);
    ::dup2(file.get(), 2);
  }
}

RunOutcome run_on_nodes(const RunRecords& records, RunPlan plan, std::vector<BoundNode> nodes) {
  const auto own = allocation_environment();
  plan.environment.insert(own.begin(), own.end());
  AllocationLauncher launcher(records.folder(), std::move(nodes));
  if (plan.nodes.size() > 1) {
    launcher.check_nodes();
  }
  return run_plan(plan, launcher);
}

/// Once this process has the run: nothing of it has run before.
RunOutcome run_bound(const RunRecords& records, const std::string& plan_text) {
  const auto started = present();
  try {
    auto nodes = allocated_nodes();
    const auto bound = bind_nodes(plan_text, nodes);
    if (nodes.size() > 1) {
      replace_private_file(records.folder() / kPlanFile, bound);
    }
    return run_on_nodes(records, plan_from_json(bound), std::move(nodes));
  } catch (const std::exception& error) {
    return {.kind = is_shortage(error) ? Kind::Busy : Kind::NotStarted,
            .started = started,
            .ended = present(),
            .message = error.what()};
  }
}

int exit_code_for_slurm(const RunOutcome& outcome) {
  return outcome.exit_code.value_or(outcome.kind == Kind::Exited ? 0 : 1);
}

int supervise_here(const RunRecords& records) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const auto plan_text = read_file(records.folder() / kPlanFile);
  if (!plan_text) {
    throw std::runtime_error("there is no plan in " + records.folder().string());
  }
  Descriptor lock;
  try {
    lock = take_over(records, plan_from_json(*plan_text));
  } catch (const std::system_error& error) {
    std::cerr << error.what() << std::endl;
    return kCannotUseFolder;
  }
  if (!lock) {
    std::cerr << "another process has this run, or had it" << std::endl;
    return 1;
  }
  ::umask(022);
  const auto outcome = run_bound(records, *plan_text);
  std::error_code ignored;
  std::filesystem::remove(records.folder() / kPlanFile, ignored);
  leave_outcome(records, outcome);
  return exit_code_for_slurm(outcome);
}

int supervise_and_report(const RunRecords& records) {
  try {
    return supervise_here(records);
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}

/// Kills whatever a supervisor that did not end by itself has left; all of it has become this process's.
void kill_descendants() {
  while (true) {
    for (const pid_t pid : living_descendants(::getpid())) {
      ::kill(pid, SIGKILL);
    }
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (living_descendants(::getpid()).empty()) {
      return;
    }
    std::this_thread::sleep_for(kBetweenKills);
  }
}

/// Waits for the supervisor's end and passes the request to stop on to it.
int guard(pid_t supervisor) {
  Events events;
  bool told = false;
  int status = 0;
  while (::waitpid(supervisor, &status, WNOHANG) == 0) {
    events.wait(std::nullopt);
    if (events.stop_requested() && !told) {
      ::kill(supervisor, SIGTERM);
      told = true;
    }
  }
  if (WIFEXITED(status)) {
    return WEXITSTATUS(status);
  }
  kill_descendants();
  return exit_code_of_status(status);
}

}  // namespace

int supervise_in_allocation(const std::filesystem::path& run_folder) {
  if (::access((run_folder / kPlanFile).c_str(), R_OK) != 0) {
    return kNoRunFolder;
  }
  if (::access(run_folder.c_str(), W_OK) != 0) {
    return kCannotUseFolder;
  }
  Events::block_signals();
  const RunRecords records(std::filesystem::absolute(run_folder));
  ::umask(077);
  std::filesystem::current_path(records.folder());
  write_to(records.log_file());
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    throw_errno("cannot take care of processes");
  }
  const pid_t supervisor = ::fork();
  if (supervisor < 0) {
    throw_errno("cannot make a process");
  }
  return supervisor > 0 ? guard(supervisor) : supervise_and_report(records);
}

}  // namespace batchai::server
