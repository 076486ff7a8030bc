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

namespace batchai::server {

namespace {

struct Stat {
  char state = '?';
  pid_t parent = 0;
  std::uint64_t start_time = 0;
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
  for (int field = 5; field < 22; ++field) {
    fields >> skipped;
  }
  fields >> stat.start_time;
  return fields ? std::optional(stat) : std::nullopt;
}

std::vector<pid_t> all_pids() {
  std::vector<pid_t> pids;
  const DirectoryStream folder(::opendir("/proc"));
  if (!folder) {
    throw_errno("cannot read /proc");
  }
  while (const dirent* entry = ::readdir(folder.get())) {
    if (const auto pid = parse_number<pid_t>(entry->d_name)) {
      pids.push_back(*pid);
    }
  }
  return pids;
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
