#include "server/run/sandbox.hpp"

#include "core/directory_stream.hpp"
#include "core/joined.hpp"
#include "core/lies_in.hpp"
#include "core/private_file.hpp"
#include "server/run/command.hpp"
#include "server/run/system_error.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

/// Folders of the system that are shown as they are.
constexpr const char* kSystemFolders[] = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt"};
/// What programs read of the machine's devices; the rest of /sys holds the kernel's debugging and firmware.
constexpr std::string_view kSystemInformation[] = {"/sys/block",   "/sys/bus",    "/sys/class", "/sys/dev",
                                                   "/sys/devices", "/sys/module", "/sys/fs"};
constexpr const char* kTemporaryFolders[] = {"/tmp", "/var/tmp"};
/// What files are hidden by.
constexpr const char* kNothing = "/dev/null";

using Words = std::vector<std::string>;

void add(Words& words, std::initializer_list<std::string> more) { words.insert(words.end(), more); }

void add_system(Words& words) {
  for (const fs::path folder : kSystemFolders) {
    std::error_code ignored;
    if (fs::is_symlink(folder, ignored)) {
      add(words, {"--symlink", fs::read_symlink(folder), folder});
    } else {
      add(words, {"--ro-bind-try", folder, folder});
    }
  }
  for (const char* folder : {"/home", "/root", "/run", "/var"}) {
    add(words, {"--dir", folder});
  }
  add(words, {"--symlink", "../run", "/var/run"});
}

void hide(Words& words, const fs::path& path, bool folder) {
  if (folder) {
    // Its owner is whoever is inside, who may change that, but finds no room in it.
    add(words, {"--size", "4096", "--perms", "0555", "--tmpfs", path});
  } else {
    add(words, {"--ro-bind", kNothing, path});
  }
}

/// What is mounted in there, too. Folders that are hidden cost less than others that are shown: for each of those,
/// bwrap reads the list of all mounts.
void add_system_information(Words& words) {
  add(words, {"--ro-bind-try", "/sys", "/sys"});
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/sys", ignored)) {
    if (std::ranges::find(kSystemInformation, entry.path().native()) == std::end(kSystemInformation)) {
      hide(words, entry.path(), true);
    }
  }
  for (const auto& entry : fs::directory_iterator("/sys/fs", ignored)) {
    if (entry.path() != "/sys/fs/cgroup") {
      hide(words, entry.path(), true);
    }
  }
}

/// Hides what this account may read and not everybody: keys and passwords of the machine's. Of the hundreds of files
/// that everybody may read not even a path is made.
void hide_private_files(Words& words, const std::string& folder) {
  const DirectoryStream entries(::opendir(folder.c_str()));
  if (!entries && errno != EACCES && errno != ENOENT) {
    throw_errno("cannot read " + folder);
  }
  while (const dirent* entry = entries ? ::readdir(entries.get()) : nullptr) {
    const std::string_view name(entry->d_name);
    struct stat status {};
    if (name == "." || name == ".." || entry->d_type == DT_LNK ||
        ::fstatat(::dirfd(entries.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        S_ISLNK(status.st_mode)) {
      continue;
    }
    const bool is_folder = S_ISDIR(status.st_mode);
    const mode_t wanted = is_folder ? S_IXOTH : S_IROTH;
    if ((status.st_mode & wanted) == 0 &&
        ::faccessat(::dirfd(entries.get()), entry->d_name, is_folder ? X_OK : R_OK, 0) == 0) {
      hide(words, path_below(folder, entry->d_name), is_folder);
    } else if (is_folder) {
      hide_private_files(words, path_below(folder, entry->d_name));
    }
  }
}

void add_configuration(Words& words) {
  // Not one by one what everybody may read: a hundred mounts take a twentieth of a second of each process.
  add(words, {"--ro-bind", "/etc", "/etc"});
  hide_private_files(words, "/etc");
  // The list of name servers is often kept by a service, in /run.
  std::error_code ignored;
  const auto name_servers = fs::canonical("/etc/resolv.conf", ignored);
  if (!ignored && !lies_in(name_servers, "/etc")) {
    add(words, {"--ro-bind", name_servers, name_servers});
  }
}

/// In memory, which it may take as much of as the run may have.
void add_folder_in_memory(Words& words, const fs::path& folder, const RunLimits& limits) {
  if (limits.memory_bytes > 0) {
    add(words, {"--size", std::to_string(limits.memory_bytes)});
  }
  add(words, {"--perms", "1777", "--tmpfs", folder});
}

/// What is in /proc besides the processes. The kernel lists those last, and each of them takes it a moment: this reads
/// little at a time, and ends at the first.
std::vector<fs::path> kernel_files() {
  const fs::path folder = "/proc";
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) {
    throw_errno("cannot read " + folder.string());
  }
  std::vector<fs::path> result;
  constexpr std::size_t kAtATime = 1024;
  alignas(dirent64) std::array<char, kAtATime> entries{};
  while (true) {
    const ssize_t size = ::getdents64(opened.get(), entries.data(), entries.size());
    if (size < 0) {
      throw_errno("cannot read " + folder.string());
    }
    if (size == 0) {
      return result;
    }
    for (ssize_t offset = 0; offset < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries.data() + offset);
      if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])) != 0) {
        return result;
      }
      result.push_back(folder / entry->d_name);
      offset += entry->d_reclen;
    }
  }
}

/// What the machine's administrator reads and changes in /proc belongs to root, who needs no capability for it; others
/// cannot do so anyway.
void protect_machine_settings(Words& words) {
  if (::geteuid() != 0) {
    return;
  }
  for (const auto& path : kernel_files()) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) == 0) {
      hide(words, path, false);
    }
  }
  add(words, {"--remount-ro", "/proc"});
}

void add_kernel(Words& words, const RunLimits& limits) {
  add(words, {"--proc", "/proc"});
  protect_machine_settings(words);
  add(words, {"--dev", "/dev"});
  add_folder_in_memory(words, "/dev/shm", limits);
}

/// Without those that lie in another one.
std::vector<fs::path> outermost(const std::vector<fs::path>& folders) {
  std::vector<fs::path> result;
  for (const auto& folder : folders) {
    const bool inside =
        std::ranges::any_of(folders, [&](const fs::path& other) { return other != folder && lies_in(folder, other); });
    if (!inside && std::ranges::find(result, folder) == result.end()) {
      result.push_back(folder);
    }
  }
  return result;
}

/// Where other folders lie in the machine's own, nothing of the node's is mounted there, whose links a job may have
/// made.
void add_temporary(Words& words, const RunNode& node, const RunSandbox& sandbox, const RunLimits& limits) {
  for (const fs::path folder : kTemporaryFolders) {
    const auto inside = [&](const fs::path& path) { return lies_in(path, folder); };
    const bool shared = std::ranges::any_of(sandbox.writable, inside) ||
                        std::ranges::any_of(sandbox.readable, inside) || std::ranges::any_of(sandbox.hidden, inside);
    if (shared || node.temporary.empty()) {
      add_folder_in_memory(words, folder, limits);
    } else {
      add(words, {"--bind", node.temporary, folder});
    }
  }
}

bool is_in_one_of(const std::vector<fs::path>& folders, const fs::path& path) {
  return std::ranges::any_of(folders, [&](const fs::path& folder) { return lies_in(path, folder); });
}

/// What is readable can hold what is hidden, and the other way round.
void add_view(Words& words, const RunNode& node, const RunSandbox& sandbox) {
  const auto is_hidden = [&](const fs::path& path) { return is_in_one_of(sandbox.hidden, path); };
  const auto show_readable = [&](bool in_hidden) {
    for (const auto& path : outermost(sandbox.readable)) {
      if (is_hidden(path) == in_hidden && !is_in_one_of(sandbox.writable, path)) {
        add(words, {"--ro-bind-try", path, path});
      }
    }
  };
  show_readable(false);
  for (const auto& path : sandbox.hidden) {
    std::error_code ignored;
    if (fs::exists(path, ignored)) {
      hide(words, path, fs::is_directory(path, ignored));
    }
  }
  show_readable(true);
  for (const auto& path : outermost(sandbox.writable)) {
    add(words, {"--bind", path, path});
  }
  for (const auto& device : node.devices) {
    std::error_code ignored;
    if (fs::exists(device, ignored)) {
      add(words, {"--dev-bind-try", device, device});
    }
  }
}

fs::path without_links(const fs::path& path) {
  std::error_code ignored;
  auto result = fs::weakly_canonical(path, ignored);
  return ignored ? path : result;
}

/// A job can put a link in place of all that lies below a folder that it may change, and bwrap would follow it.
void check_sources(const Words& words, const RunNode& node, const RunSandbox& sandbox) {
  std::vector<std::pair<fs::path, fs::path>> writable;
  for (const auto& folder : sandbox.writable) {
    writable.emplace_back(folder, without_links(folder));
  }
  if (!node.temporary.empty()) {
    writable.emplace_back(node.temporary, without_links(node.temporary));
  }
  for (std::size_t index = 0; index + 2 < words.size(); ++index) {
    if (!words[index].starts_with("--") || words[index].find("bind") == std::string::npos ||
        words[index + 1] == kNothing) {
      continue;
    }
    const fs::path source = words[index + 1];
    const auto place = without_links(source);
    for (const auto& [folder, folder_place] : writable) {
      if ((source != folder && lies_in(source, folder)) || (place != folder_place && lies_in(place, folder_place))) {
        throw std::runtime_error(source.string() + " cannot be shown in a sandbox: it lies in " + folder.string() +
                                 ", which jobs may change");
      }
    }
  }
}

/// The last line that bwrap has printed, without its name.
std::string reason_of(const std::string& errors) {
  std::istringstream lines(errors);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    last = line;
  }
  return last.starts_with("bwrap: ") ? last.substr(7) : last;
}

/// A file without a name, whose content nobody can change. Its number is above those that programs get files as.
Descriptor sealed_copy(const fs::path& path) {
  constexpr int kLeastNumber = 64;
  const auto content = read_file(path).value_or("");
  const Descriptor made(::memfd_create("bwrap", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  Descriptor copy(made ? ::fcntl(made.get(), F_DUPFD_CLOEXEC, kLeastNumber) : -1);
  if (!copy || ::write(copy.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()) ||
      ::fcntl(copy.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
    throw_errno("cannot copy " + path.string());
  }
  return copy;
}

}  // namespace

SandboxProgram sandbox_program() {
  auto path = find_program("bwrap");
  struct stat status {};
  if (path.empty() || (::stat(path.c_str(), &status) == 0 && status.st_uid != ::geteuid())) {
    return {.path = std::move(path), .copy = {}};
  }
  auto copy = sealed_copy(path);
  path = "/proc/self/fd/" + std::to_string(copy.get());
  return {.path = std::move(path), .copy = std::move(copy)};
}

std::vector<std::string> sandbox_arguments(const RunPlan& plan, std::size_t node) {
  const auto& place = plan.nodes.at(node);
  const auto& sandbox = plan.sandbox.value();
  Words words{"--unshare-user", "--disable-userns", "--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL"};
  add_system(words);
  add_kernel(words, plan.limits);
  add_configuration(words);
  add_temporary(words, place, sandbox, plan.limits);
  add_view(words, place, sandbox);
  add_system_information(words);
  check_sources(words, place, sandbox);
  add(words, {"--remount-ro", "/", "--remount-ro", "/dev"});
  add(words, {"--chdir", place.working_directory.empty() ? "/" : place.working_directory.string()});
  return words;
}

std::optional<std::string> why_no_sandbox(const RunSandbox& sandbox) {
  return why_no_sandbox({.nodes = {{}}, .sandbox = sandbox}, 0);
}

std::optional<std::string> why_no_sandbox(const RunPlan& plan, std::size_t node) {
  const auto name = find_program("bwrap");
  if (name.empty()) {
    return "bubblewrap is not installed: there is no bwrap in the folders of PATH";
  }
  try {
    auto arguments = sandbox_arguments(plan, node);
    add(arguments, {"--", "/bin/true"});
    const auto program = sandbox_program();
    const auto result = run_command({.program = program.path, .arguments = std::move(arguments)});
    return result.succeeded() ? std::nullopt
                              : std::optional(name.string() + " cannot make a sandbox here: " +
                                              (result.timed_out ? "it does not end" : reason_of(result.errors)));
  } catch (const std::exception& error) {
    return name.string() + " cannot make a sandbox here: " + error.what();
  }
}

}  // namespace batchai::server
