#include "server/supervisor/process_table.hpp"

#include "core/directory_stream.hpp"
#include "core/parse_number.hpp"
#include "server/run/system_error.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

#include <unistd.h>

namespace batchai::server {

namespace {

constexpr const char* kProcesses = "/proc";

struct Stat {
  char state = '?';
  pid_t parent = 0;
  std::uint64_t threads = 0;
  std::uint64_t start_time = 0;
  std::uint64_t resident_pages = 0;
};

/// Whether this process lacks something, so that the error says nothing about the other process.
bool is_own_trouble(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

/// Empty if there is no such file, it is not for us, or its process ends while it is read.
std::string read_whole(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (is_own_trouble(errno)) {
    throw_errno("cannot read " + path);
  }
  return text.str();
}

std::optional<Stat> read_stat(pid_t pid) {
  const auto text = read_whole("/proc/" + std::to_string(pid) + "/stat");
  // The second field is the program's name in brackets and may hold anything, brackets too.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(text.substr(name_end + 1));
  Stat stat;
  fields >> stat.state >> stat.parent;
  std::string skipped;
  for (int field = 5; field < 20; ++field) {
    fields >> skipped;
  }
  fields >> stat.threads >> skipped >> stat.start_time >> skipped >> stat.resident_pages;
  return fields ? std::optional(stat) : std::nullopt;
}

/// The numbers among the names in a folder of /proc; empty if its process is gone.
std::vector<pid_t> numbers_in(const std::string& path) {
  std::vector<pid_t> pids;
  const DirectoryStream folder(::opendir(path.c_str()));
  if (!folder) {
    if (is_own_trouble(errno) || path == kProcesses) {
      throw_errno("cannot read " + path);
    }
    return pids;
  }
  while (const dirent* entry = ::readdir(folder.get())) {
    if (const auto pid = parse_number<pid_t>(entry->d_name)) {
      pids.push_back(*pid);
    }
  }
  return pids;
}

std::vector<pid_t> all_pids() { return numbers_in(kProcesses); }

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  const auto tasks = std::string(kProcesses) + "/" + std::to_string(pid) + "/task";
  for (const pid_t task : numbers_in(tasks)) {
    std::istringstream list(read_whole(tasks + "/" + std::to_string(task) + "/children"));
    for (pid_t child = 0; list >> child;) {
      children.push_back(child);
    }
  }
  return children;
}

std::vector<pid_t> listed_descendants(pid_t ancestor) {
  auto result = children_of(ancestor);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto children = children_of(result[i]);
    result.insert(result.end(), children.begin(), children.end());
  }
  return result;
}

/// Number of bytes behind `name` in a file whose lines are `Name: N kB`; nothing if there is none.
std::optional<std::uint64_t> kilobytes_in(const std::string& text, std::string_view name) {
  constexpr std::uint64_t kKibibyte = 1024;
  const auto found = text.find(name);
  if (found == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream value(text.substr(found + name.size()));
  std::uint64_t number = 0;
  return value >> number ? std::optional(number * kKibibyte) : std::nullopt;
}

bool is_living(char state) { return state != 'Z' && state != 'X'; }

bool has_entry(std::string_view environment, std::string_view wanted) {
  while (!environment.empty()) {
    const auto end = std::min(environment.find('\0'), environment.size());
    if (environment.substr(0, end) == wanted) {
      return true;
    }
    environment.remove_prefix(std::min(end + 1, environment.size()));
  }
  return false;
}

}  // namespace

std::optional<std::uint64_t> process_start_time(pid_t pid) {
  const auto stat = read_stat(pid);
  return stat ? std::optional(stat->start_time) : std::nullopt;
}

bool is_stopped(pid_t pid) {
  const auto stat = read_stat(pid);
  return stat && stat->state == 'T';
}

std::optional<pid_t> pid_in_container(pid_t pid) {
  constexpr std::string_view kNumbers = "\nNSpid:";
  const auto text = read_whole("/proc/" + std::to_string(pid) + "/status");
  const auto found = text.find(kNumbers);
  if (found == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream numbers(
      text.substr(found + kNumbers.size(), text.find('\n', found + 1) - found - kNumbers.size()));
  pid_t outside = 0;
  pid_t inside = 0;
  numbers >> outside >> inside;
  return numbers ? std::optional(inside) : std::nullopt;
}

std::vector<pid_t> living_descendants(pid_t ancestor) {
  std::multimap<pid_t, std::pair<pid_t, bool>> children;
  for (const pid_t pid : all_pids()) {
    if (const auto stat = read_stat(pid)) {
      children.emplace(stat->parent, std::pair(pid, is_living(stat->state)));
    }
  }
  std::vector<pid_t> result;
  std::vector<pid_t> todo{ancestor};
  while (!todo.empty()) {
    const auto [first, last] = children.equal_range(todo.back());
    todo.pop_back();
    for (auto it = first; it != last; ++it) {
      const auto [pid, living] = it->second;
      todo.push_back(pid);
      if (living) {
        result.push_back(pid);
      }
    }
  }
  return result;
}

ProcessUse use_of_descendants(pid_t ancestor) {
  static const auto kPage = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  // Some kernels have no lists of children.
  static const bool kHasLists = ::access("/proc/thread-self/children", R_OK) == 0;
  ProcessUse use;
  for (const pid_t pid : kHasLists ? listed_descendants(ancestor) : living_descendants(ancestor)) {
    const auto stat = read_stat(pid);
    if (stat && is_living(stat->state)) {
      use.processes.push_back(pid);
      use.tasks += stat->threads;
      use.resident_bytes += stat->resident_pages * kPage;
    }
  }
  return use;
}

MappedMemory memory_of(const std::vector<pid_t>& processes) {
  MappedMemory memory;
  for (const pid_t pid : processes) {
    const auto folder = std::string(kProcesses) + "/" + std::to_string(pid);
    const auto sums = read_whole(folder + "/smaps_rollup");
    const auto proportional = kilobytes_in(sums, "\nPss:");
    const auto resident = proportional ? proportional : kilobytes_in(read_whole(folder + "/status"), "\nVmRSS:");
    memory.bytes += resident.value_or(0);
    memory.shared_bytes += kilobytes_in(sums, "\nPss_Shmem:").value_or(resident.value_or(0));
  }
  return memory;
}

std::vector<pid_t> processes_of_run(const std::string& run_id) {
  const auto mark = std::string(kRunIdVariable) + "=" + run_id;
  std::vector<pid_t> result;
  for (const pid_t pid : all_pids()) {
    if (has_entry(read_whole("/proc/" + std::to_string(pid) + "/environ"), mark)) {
      result.push_back(pid);
    }
  }
  return result;
}

}  // namespace batchai::server
