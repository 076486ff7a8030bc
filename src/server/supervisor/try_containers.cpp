#include "server/supervisor/try_containers.hpp"

#include "core/private_file.hpp"
#include "core/remove_tree.hpp"
#include "server/run/command.hpp"
#include "server/run/containers.hpp"
#include "server/run/run_records.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/events.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run.hpp"

#include <chrono>
#include <csignal>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongestCommand{30};
constexpr std::chrono::seconds kLongestRun{30};
/// It has nothing in it but links, and uses the system of the machine.
constexpr const char* kTrialImage = "localhost/batchai-trial:1";

CommandResult ask(const std::string& program, std::vector<std::string> arguments, const RunContainer& container) {
  return run_command({.program = program,
                      .arguments = std::move(arguments),
                      .environment = podman_environment(container),
                      .timeout = kLongestCommand});
}

CommandResult ask_podman(const RunContainer& container, const std::vector<std::string>& command) {
  auto arguments = podman_options(container);
  arguments.insert(arguments.end(), command.begin(), command.end());
  return ask(podman_program(), std::move(arguments), container);
}

void require_success(const CommandResult& result) {
  if (!result.succeeded()) {
    throw std::runtime_error(result.timed_out ? "it does not end" : podman_reason(result.errors));
  }
}

/// What podman keeps for as long as the machine is up is wrong after that.
void forget_earlier_boot(const fs::path& folder) {
  make_private_folder(folder);
  const auto boot = read_file("/proc/sys/kernel/random/boot_id").value_or("");
  const auto noted = folder / "boot";
  if (read_private_file(noted) != boot) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (const auto error = remove_tree(entry.path())) {
        throw std::runtime_error("cannot remove " + entry.path().string() + ": " + error.message());
      }
    }
  }
  replace_private_file(noted, boot);
}

bool goes_on(const fs::path& runs, const std::string& run_id) {
  const RunRecords records(runs / run_id);
  return is_run_id(run_id) && records.exist() && !records.read_outcome() && !records.try_lock();
}

void remove_left_containers(const RunContainer& container, const fs::path& runs) {
  const auto listed = ask_podman(container, {"ps", "--all", "--format={{.Names}}"});
  require_success(listed);
  std::istringstream names(listed.output);
  for (std::string name; std::getline(names, name);) {
    const auto run_id = run_of_container(name);
    if (!run_id.empty() && !goes_on(runs, run_id)) {
      ask_podman(container, {"rm", "--force", "--time=0", "--ignore", "--", name});
    }
  }
}

/// The system's folders that are links to others.
std::vector<fs::path> system_folders() { return {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}; }

void make_trial_image(const RunContainer& container, const fs::path& folder) {
  if (ask_podman(container, {"image", "exists", kTrialImage}).exit_code == 0) {
    return;
  }
  const auto root = folder / "root";
  fs::create_directories(root);
  for (const auto& path : system_folders()) {
    std::error_code ignored;
    if (fs::is_symlink(path, ignored)) {
      fs::create_symlink(fs::read_symlink(path), root / path.filename(), ignored);
    }
  }
  const auto archive = folder / "root.tar";
  require_success(
      ask("tar", {"--create", "--owner=0", "--group=0", "--file", archive, "--directory", root, "."}, container));
  require_success(ask_podman(container, {"import", "--quiet", archive, kTrialImage}));
}

RunPlan trial_plan(RunContainer container, const fs::path& folder) {
  container.image = kTrialImage;
  container.view = {.writable = {folder}, .readable = {"/usr"}};
  for (const auto& path : system_folders()) {
    std::error_code ignored;
    if (!fs::is_symlink(path, ignored)) {
      container.view.readable.push_back(path);
    }
  }
  RunPlan plan{.run_id = "trial-" + std::to_string(::getpid()),
               .nodes = {{.id = "trial", .working_directory = folder}},
               .limit = kLongestRun,
               .container = std::move(container)};
  plan.processes = {
      {.name = "trial", .command = "true", .stdout_file = folder / "stdout", .stderr_file = folder / "stderr"}};
  return plan;
}

void try_container(const RunContainer& container, const fs::path& runs) {
  if (!container.storage.empty()) {
    forget_earlier_boot(container.run);
    make_private_folder(container.configuration / "tmp");
    remove_left_containers(container, runs);
  }
  const auto folder = container.configuration / "trial";
  fs::create_directories(folder);
  make_trial_image(container, folder);
  LocalLauncher launcher;
  const auto outcome = run_plan(trial_plan(container, folder), launcher);
  remove_tree(folder);
  if (outcome.kind != RunOutcome::Kind::Exited || outcome.exit_code != 0) {
    throw std::runtime_error(outcome.kind == RunOutcome::Kind::TimedOut ? "it does not end" : outcome.message);
  }
}

}  // namespace

int try_containers(const RunContainer& container, const fs::path& runs) {
  Events::block_signals();
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    throw_errno("cannot take care of processes");
  }
  ::umask(022);
  int exit_code = 0;
  try {
    try_container(container, runs);
  } catch (const std::exception& error) {
    std::cout << error.what() << std::endl;
    exit_code = 1;
  }
  // podman of an account other than root leaves a process that keeps its namespaces.
  for (const pid_t pid : living_descendants(::getpid())) {
    ::kill(pid, SIGKILL);
  }
  return exit_code;
}

}  // namespace batchai::server
