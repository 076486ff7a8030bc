#include "server/run/containers.hpp"

#include "core/parse_number.hpp"
#include "server/run/command.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include <sys/resource.h>
#include <unistd.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

constexpr std::string_view kNamePrefix = "batchai-";
constexpr std::array<std::string_view, 2> kArchives{"docker-archive:", "oci-archive:"};
/// Programs of the network that pulls an image need these.
constexpr std::array kNetworkVariables{"HTTP_PROXY",  "HTTPS_PROXY", "NO_PROXY",      "http_proxy",
                                       "https_proxy", "no_proxy",    "SSL_CERT_FILE", "SSL_CERT_DIR"};
constexpr const char* kDescriptor3 = "/proc/self/fd/3";

/// The first process of a container: it does nothing until the pipe ends, in a child, since a shell that waits for one
/// takes care of processes that have lost their parent too. Signals that are meant for the job are not for it.
constexpr const char* kHold = R"sh(trap '' TERM HUP INT; (read -r _ <&3) & exec 3<&-; wait $!)sh";

/// Not every image has bash, or the home folder that it names.
constexpr const char* kBegin = R"sh(. /proc/self/fd/5 || exit
[ -d "$HOME" ] || mkdir -p "$HOME" 2>/dev/null
SHELL=/bin/sh
for _batchai_shell in /usr/local/bin/bash /usr/bin/bash /bin/bash; do
  if [ -x "$_batchai_shell" ] && "$_batchai_shell" -c : 2>/dev/null; then SHELL=$_batchai_shell; fi
done
export SHELL
exec 5<&-
printf '\001' >&6
exec 6>&- >&3 2>&4 3>&- 4>&-
exec "$SHELL" -c "$_batchai_command")sh";

void append(Arguments& arguments, std::initializer_list<std::string> more) { arguments.insert(arguments.end(), more); }

std::string_view archive_kind(std::string_view image) {
  for (const auto kind : kArchives) {
    if (image.starts_with(kind)) {
      return kind;
    }
  }
  return {};
}

std::string limit_text(rlim_t limit) { return limit == RLIM_INFINITY ? "-1" : std::to_string(limit); }

/// The limit of this process, or less. Without that podman asks for more than it may have.
std::string limit_option(const std::string& name, decltype(RLIMIT_NOFILE) resource, std::uint64_t most) {
  rlimit limit{};
  ::getrlimit(resource, &limit);
  const auto hard = most > 0 ? std::min<rlim_t>(most, limit.rlim_max) : limit.rlim_max;
  const auto soft = most > 0 ? hard : std::min(hard, limit.rlim_cur);
  return "--ulimit=" + name + "=" + limit_text(soft) + ":" + limit_text(hard);
}

/// podman's own processes have no more than that.
std::uint64_t most_processes(std::uint64_t wanted) {
  std::ifstream file("/proc/sys/kernel/pid_max");
  std::uint64_t most = 0;
  file >> most;
  return wanted > 0 && most > 0 ? std::min(wanted, most) : std::max(wanted, most);
}

void add_limits(Arguments& arguments, const RunLimits& limits) {
  append(arguments, {limit_option("nofile", RLIMIT_NOFILE, limits.open_files),
                     limit_option("nproc", RLIMIT_NPROC, most_processes(limits.processes)),
                     limit_option("fsize", RLIMIT_FSIZE, limits.file_bytes)});
}

/// Whether this machine describes its GPUs for containers.
bool describes_gpus() {
  for (const char* folder : {"/etc/cdi", "/var/run/cdi"}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      std::ifstream file(entry.path());
      std::ostringstream text;
      text << file.rdbuf();
      if (text.str().find("nvidia.com/gpu") != std::string::npos) {
        return true;
      }
    }
  }
  return false;
}

/// N of `/dev/nvidiaN`.
std::optional<int> gpu_number(const fs::path& device) {
  const auto name = device.filename().string();
  constexpr std::string_view kNvidia = "nvidia";
  return name.starts_with(kNvidia) ? parse_number<int>(std::string_view(name).substr(kNvidia.size())) : std::nullopt;
}

void add_devices(Arguments& arguments, const RunPlan& plan) {
  const bool described = describes_gpus();
  std::set<std::string> devices;
  for (const auto& node : plan.nodes) {
    for (const auto& device : node.devices) {
      std::error_code ignored;
      const auto gpu = gpu_number(device);
      if (!fs::exists(device, ignored) || (described && !gpu)) {
        continue;
      }
      devices.insert(described ? "nvidia.com/gpu=" + std::to_string(*gpu) : device.string());
    }
  }
  for (const auto& device : devices) {
    append(arguments, {"--device", device});
  }
}

void add_volumes(Arguments& arguments, const RunSandbox& view) {
  for (const auto& path : view.readable) {
    std::error_code ignored;
    if (fs::exists(path, ignored)) {
      append(arguments, {"--volume", path.string() + ":" + path.string() + ":ro"});
    }
  }
  for (const auto& path : view.writable) {
    append(arguments, {"--volume", path.string() + ":" + path.string() + ":rw"});
  }
}

}  // namespace

fs::path podman_program() { return find_program("podman"); }

std::string container_name(const std::string& run_id) { return std::string(kNamePrefix) + run_id; }

std::string run_of_container(std::string_view name) {
  return std::string(name.starts_with(kNamePrefix) ? name.substr(kNamePrefix.size()) : std::string_view());
}

/// A container stays in the control groups of its supervisor, whose limits hold for it, too. That also works where
/// podman could not make groups, with crun only.
std::string containers_configuration() {
  return "[containers]\n"
         "cgroups = \"disabled\"\n"
         "log_driver = \"none\"\n"
         "netns = \"host\"\n"
         "[engine]\n"
         "cgroup_manager = \"cgroupfs\"\n"
         "events_logger = \"none\"\n"
         "runtime = \"crun\"\n";
}

std::string storage_configuration(const RunContainer& container) {
  return "[storage]\n"
         "driver = \"overlay\"\n"
         "graphroot = \"" +
         container.storage.string() + "\"\nrunroot = \"" + container.run.string() + "\"\n";
}

std::map<std::string, std::string> podman_environment(const RunContainer& container) {
  std::map<std::string, std::string> result{{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                                            {"HOME", "/"}};
  for (const char* name : {"PATH", "HOME"}) {
    if (const char* value = std::getenv(name)) {
      result[name] = value;
    }
  }
  for (const char* name : kNetworkVariables) {
    if (const char* value = std::getenv(name)) {
      result[name] = value;
    }
  }
  result["CONTAINERS_CONF"] = container.configuration / "containers.conf";
  if (!container.storage.empty()) {
    result["CONTAINERS_STORAGE_CONF"] = container.configuration / "storage.conf";
    result["XDG_RUNTIME_DIR"] = container.run;
    result["TMPDIR"] = container.configuration / "tmp";  // images are unpacked there
  } else if (const char* value = std::getenv("XDG_RUNTIME_DIR")) {
    result["XDG_RUNTIME_DIR"] = value;
  }
  return result;
}

Arguments podman_options(const RunContainer& container) {
  if (container.storage.empty()) {
    return {};
  }
  Arguments options{"--root", container.storage, "--runroot", container.run, "--tmpdir", container.run / "tmp"};
  if (::geteuid() != 0) {
    // An account without further user ids cannot give files in images to the users whose they are.
    append(options, {"--storage-opt", "overlay.ignore_chown_errors=true"});
  }
  return options;
}

bool is_archive(std::string_view image) { return !archive_kind(image).empty(); }

fs::path archive_path(const std::string& image) { return image.substr(archive_kind(image).size()); }

Arguments pull_arguments(const RunContainer& container) {
  auto arguments = podman_options(container);
  append(arguments, {"pull", "--quiet"});
  if (is_archive(container.image)) {
    append(arguments, {std::string(archive_kind(container.image)) + kDescriptor3});
    return arguments;
  }
  if (!container.credentials.empty()) {
    append(arguments, {"--authfile", kDescriptor3});
  }
  append(arguments, {"docker://" + container.image});
  return arguments;
}

Arguments run_arguments(const RunPlan& plan, const std::string& image) {
  const auto& container = plan.container.value();
  auto arguments = podman_options(container);
  append(arguments, {"run", "--detach", "--rm", "--name", container_name(plan.run_id), "--pull=never",
                     "--preserve-fds=1", "--network=host", "--cgroups=disabled", "--http-proxy=false",
                     "--security-opt=label=disable", "--user=0:0", "--workdir=/"});
  if (!container.shm_size.empty()) {
    append(arguments, {"--shm-size", container.shm_size});
  }
  add_limits(arguments, plan.limits);
  add_devices(arguments, plan);
  add_volumes(arguments, container.view);
  append(arguments, {"--entrypoint", "/bin/sh", "--", image, "-c", kHold});
  return arguments;
}

Arguments exec_arguments(const RunPlan& plan, const RunProcess& process) {
  auto arguments = podman_options(plan.container.value());
  const auto& folder = plan.nodes.at(process.node).working_directory;
  append(arguments, {"exec", "--preserve-fds=4", "--user=0:0", "--workdir", folder.empty() ? "/" : folder.string(),
                     container_name(plan.run_id), "/bin/sh", "-c", kBegin});
  return arguments;
}

std::string podman_reason(const std::string& errors) {
  std::istringstream lines(errors);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    last = line.empty() ? last : line;
  }
  constexpr std::string_view kError = "Error: ";
  return last.starts_with(kError) ? last.substr(kError.size()) : last;
}

}  // namespace batchai::server
