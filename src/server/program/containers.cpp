#include "server/program/containers.hpp"

#include "core/private_file.hpp"
#include "core/shell_quote.hpp"
#include "server/run/command.hpp"
#include "server/run/containers.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongestTrial{60};

/// For whoever runs the service: podman as the service uses it, to look at images and to load some.
std::string podman_script(const RunContainer& container) {
  std::string text = "#!/bin/sh\nexec env";
  for (const char* name : {"CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "XDG_RUNTIME_DIR", "TMPDIR"}) {
    const auto variables = podman_environment(container);
    if (const auto found = variables.find(name); found != variables.end()) {
      text += std::string(" ") + name + "=" + shell_quote(found->second);
    }
  }
  text += " podman";
  for (const auto& option : podman_options(container)) {
    text += " " + shell_quote(option);
  }
  return text + " \"$@\"\n";
}

/// Others must not have made what this account's containers are kept by.
void check_own(const fs::path& folder) {
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() ||
      (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw std::runtime_error(folder.string() + " is not a folder of this account only: remove it");
  }
}

/// podman takes no longer name, and not another one for the same storage.
fs::path run_folder(const fs::path& configuration) {
  constexpr std::size_t kLongest = 50;
  auto inside = configuration / "run";
  if (inside.string().size() <= kLongest) {
    return inside;
  }
  const auto noted = configuration / "run-folder";
  fs::path folder = read_file(noted).value_or("");
  if (!folder.empty()) {
    make_private_folder(folder);
    check_own(folder);
    return folder;
  }
  std::string made = "/tmp/batchai-XXXXXX";
  if (::mkdtemp(made.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make a folder in /tmp");
  }
  replace_private_file(noted, made);
  return made;
}

void write_configuration(RunContainer& container) {
  const auto& folder = container.configuration;
  make_private_folder(folder);
  if (!container.storage.empty()) {
    container.run = run_folder(folder);
  }
  replace_private_file(folder / "containers.conf", containers_configuration());
  if (!container.storage.empty()) {
    replace_private_file(folder / "storage.conf", storage_configuration(container));
    replace_private_file(folder / "podman", podman_script(container));
    ::chmod((folder / "podman").c_str(), S_IRWXU);
  }
}

/// Nothing if it works.
std::optional<std::string> trouble_with_podman(RunContainer& container, const fs::path& data_folder,
                                               const fs::path& supervisor) {
  if (podman_program().empty()) {
    return "podman is not installed: there is no podman in the folders of PATH";
  }
  try {
    write_configuration(container);
    const auto result =
        run_command({.program = supervisor,
                     .arguments = {"--try-containers", container.configuration, container.storage.string(),
                                   container.run.string(), data_folder / "runs"},
                     .environment = podman_environment(container),
                     .timeout = kLongestTrial});
    if (result.succeeded()) {
      return std::nullopt;
    }
    return "podman starts no container here: " +
           (result.timed_out ? "it does not end"
                             : podman_reason(result.output.empty() ? result.errors : result.output));
  } catch (const std::exception& error) {
    return std::string("podman starts no container here: ") + error.what();
  }
}

/// On a cluster, what is shared by all machines is no place for podman's storage.
RunContainer common_container(const ServerOptions& options, RunSandbox view, const fs::path& data_folder) {
  const auto folder = data_folder / "containers";
  return {.view = std::move(view),
          .configuration = folder,
          .storage = options.engine == "local" ? folder / "storage" : fs::path()};
}

std::shared_future<ContainerUse> decided(ContainerUse use) {
  std::promise<ContainerUse> promise;
  promise.set_value(std::move(use));
  return promise.get_future().share();
}

}  // namespace

Containers::Containers(const ServerOptions& options, RunSandbox view, const fs::path& data_folder,
                       const fs::path& supervisor) {
  using Kind = ContainerUse::Kind;
  if (options.containers == ContainersMode::Refuse || options.containers == ContainersMode::Host) {
    use_ = decided({.kind = options.containers == ContainersMode::Host ? Kind::Host : Kind::Refuse});
    return;
  }
  const auto common = common_container(options, std::move(view), data_folder);
  auto try_it = [found = common, data_folder, supervisor]() mutable -> ContainerUse {
    const auto trouble = trouble_with_podman(found, data_folder, supervisor);
    return {.kind = trouble ? Kind::Refuse : Kind::Podman, .reason = trouble.value_or(""), .common = found};
  };
  if (options.containers == ContainersMode::Auto) {
    use_ = std::async(std::launch::async, try_it).share();
    return;
  }
  auto use = try_it();
  if (use.kind == Kind::Refuse) {
    throw UsageError("--containers podman: " + use.reason);
  }
  use_ = decided(std::move(use));
}

std::optional<ContainerUse> Containers::known() const {
  const bool ready = use_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  return ready ? std::optional(use_.get()) : std::nullopt;
}

std::string name_of(ContainerUse::Kind kind) {
  switch (kind) {
    case ContainerUse::Kind::Podman:
      return "podman";
    case ContainerUse::Kind::Host:
      return "host";
    default:
      return "refuse";
  }
}

}  // namespace batchai::server
