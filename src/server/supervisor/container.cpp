#include "server/supervisor/container.hpp"

#include "core/shell_quote.hpp"
#include "server/run/command.hpp"
#include "server/run/containers.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/begin_report.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/memory_file.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run_places.hpp"
#include "server/supervisor/source_file.hpp"

#include <cerrno>
#include <chrono>
#include <exception>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::server {

namespace {

constexpr std::chrono::seconds kLongestRemoval{60};
/// The first process of a container, and its child that waits.
constexpr pid_t kLastOfHolder = 2;
constexpr const char* kSecondGroups = "/sys/fs/cgroup/unified";
/// For accounts other than root, whose mounts are podman's.
constexpr const char* kHideSecondGroups = R"sh([ "$(stat -f -c %T "$1")" != cgroup2fs ] || mount -t tmpfs none "$1")sh";

std::vector<std::string> with_options(const RunContainer& container, std::vector<std::string> command) {
  auto arguments = podman_options(container);
  arguments.insert(arguments.end(), command.begin(), command.end());
  return arguments;
}

std::vector<std::string> environment_of(const RunContainer& container) {
  std::vector<std::string> result;
  for (const auto& [name, value] : podman_environment(container)) {
    result.push_back(name + "=" + value);
  }
  return result;
}

/// The names that an image may have in the local storage: one that has been made on this machine is not Docker Hub's.
std::vector<std::string> local_names(const std::string& image) {
  std::vector<std::string> result{image};
  constexpr std::string_view kHub = "docker.io/";
  constexpr std::string_view kOfficial = "library/";
  if (image.starts_with(kHub)) {
    auto rest = image.substr(kHub.size());
    if (rest.starts_with(kOfficial)) {
      rest.erase(0, kOfficial.size());
    }
    result.push_back("localhost/" + rest);
  }
  return result;
}

/// Both versions of control groups are mounted, which crun does not like. It needs none.
bool has_second_groups() {
  struct statfs status {};
  return ::statfs(kSecondGroups, &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC;
}

/// In a mount namespace of this process.
void hide_second_groups_as_root() {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0 ||
      ::mount("none", kSecondGroups, "tmpfs", 0, nullptr) != 0) {
    throw ContainerError(std::string("cannot hide the control groups in ") + kSecondGroups +
                         ", with which crun starts no container: " + errno_text(errno));
  }
}

/// Source text for the container's shell: what sets the variables of the process, which are secret, and its command.
std::string process_script(const RunPlan& plan, const RunProcess& process) {
  auto variables = process.environment;
  variables.insert(plan.environment.begin(), plan.environment.end());
  variables[kRunIdVariable] = plan.run_id;
  variables.try_emplace("USER", "root");
  variables.try_emplace("LOGNAME", "root");
  std::string text;
  for (const auto& [name, value] : variables) {
    text += "export " + name + "=" + shell_quote(value) + "\n";
  }
  if (!plan.programs.empty()) {
    text += "export PATH=" + shell_quote(plan.programs.string()) + ":\"$PATH\"\n";
  }
  return text + "_batchai_command=" + shell_quote(shell_script(process.command)) + "\n";
}

}  // namespace

Container::Container(const RunPlan& plan, ExecutionLog& log) : plan_(plan), log_(log), program_(podman_program()) {}

std::optional<Container::Said> Container::run(const std::vector<std::string>& arguments, std::vector<int> passed,
                                              const Await& await) const {
  const auto output = memory_file("");
  const auto errors = memory_file("");
  std::vector<std::string> words{"podman"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t pid = launch_program({.name = "podman",
                                    .program = program_,
                                    .arguments = std::move(words),
                                    .environment = environment_of(*plan_.container),
                                    .output = output.get(),
                                    .error_output = errors.get(),
                                    .passed = std::move(passed)});
  const auto exit_code = await(pid);
  return exit_code ? std::optional(Said{*exit_code, text_of(output), text_of(errors)}) : std::nullopt;
}

std::optional<std::string> Container::local_image(const Await& await) {
  for (const auto& name : local_names(plan_.container->image)) {
    const auto said = run(with_options(*plan_.container, {"image", "exists", "--", name}), {}, await);
    interrupted_ = !said;
    if (interrupted_) {
      return std::nullopt;
    }
    if (said->exit_code == 0) {
      return name;
    }
    if (said->exit_code > 1) {
      throw ContainerError(podman_reason(said->errors));
    }
  }
  return std::nullopt;
}

Descriptor Container::passed_to_pull() const {
  const auto& container = *plan_.container;
  if (is_archive(container.image)) {
    try {
      return open_source_file(container.view, archive_path(container.image));
    } catch (const std::exception& error) {
      throw ContainerError(error.what());
    }
  }
  return container.credentials.empty() ? Descriptor() : memory_file(container.credentials);
}

std::optional<std::string> Container::pull(const Await& await) {
  const auto& container = *plan_.container;
  log_.write("getting the image " + container.image);
  const auto file = passed_to_pull();
  const auto said = run(pull_arguments(container), file ? std::vector<int>{file.get()} : std::vector<int>(), await);
  interrupted_ = !said;
  if (interrupted_) {
    return std::nullopt;
  }
  if (said->exit_code != 0) {
    throw ContainerError(podman_reason(said->errors));
  }
  return said->output.substr(0, said->output.find('\n'));
}

std::optional<std::string> Container::image(const Await& await) {
  if (!is_archive(plan_.container->image)) {
    auto name = local_image(await);
    if (name || interrupted_) {
      return name;
    }
  }
  return pull(await);
}

bool Container::hide_second_groups(const Await& await) {
  if (!has_second_groups()) {
    return true;
  }
  if (::geteuid() == 0) {
    hide_second_groups_as_root();
    return true;
  }
  const auto said =
      run(with_options(*plan_.container, {"unshare", "sh", "-c", kHideSecondGroups, "sh", kSecondGroups}), {}, await);
  if (said && said->exit_code != 0) {
    throw ContainerError(podman_reason(said->errors));
  }
  return said.has_value();
}

bool Container::start(const Await& await) {
  if (program_.empty()) {
    throw ContainerError("podman is not installed on this machine");
  }
  begun_ = true;
  if (!hide_second_groups(await)) {
    return false;
  }
  const auto image_name = image(await);
  if (!image_name) {
    return false;
  }
  auto [hold_end, hold] = make_report();
  hold_ = std::move(hold);
  const auto said = run(run_arguments(plan_, *image_name), {hold_end.get()}, await);
  if (said && said->exit_code != 0) {
    throw ContainerError(podman_reason(said->errors));
  }
  if (said) {
    log_.write("started the container " + container_name(plan_.run_id) + " of image " + plan_.container->image);
  }
  return said.has_value();
}

pid_t Container::launch(const RunProcess& process) const {
  const RunPlaces places(plan_);
  const auto output = places.open_output(process.stdout_file, O_APPEND | O_TRUNC);
  const auto errors = places.open_output(process.stderr_file, O_APPEND | O_TRUNC);
  const auto script = memory_file(process_script(plan_, process));
  const auto said = memory_file("");
  auto [report, report_end] = make_report();
  std::vector<std::string> words{"podman"};
  const auto arguments = exec_arguments(plan_, process);
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t pid = launch_program({.name = process.name,
                                    .program = program_,
                                    .arguments = std::move(words),
                                    .environment = environment_of(*plan_.container),
                                    .output = said.get(),
                                    .error_output = said.get(),
                                    .passed = {output.get(), errors.get(), script.get(), report_end.get()}});
  report_end.reset();
  if (await_begin(report).second == Begin::No) {
    ::waitpid(pid, nullptr, 0);
    throw std::runtime_error("cannot start " + process.name + " in its container: " + podman_reason(text_of(said)));
  }
  return pid;
}

bool Container::keeps(pid_t pid) {
  const auto inside = pid_in_container(pid);
  return !inside || *inside <= kLastOfHolder;
}

void Container::remove() {
  hold_.reset();
  if (!std::exchange(begun_, false)) {
    return;
  }
  const auto result = run_command({.program = program_,
                                   .arguments = with_options(*plan_.container, {"rm", "--force", "--time=0", "--ignore",
                                                                                container_name(plan_.run_id)}),
                                   .environment = podman_environment(*plan_.container),
                                   .timeout = kLongestRemoval});
  if (!result.succeeded()) {
    log_.write("the container could not be removed: " + podman_reason(result.errors));
  }
}

}  // namespace batchai::server
