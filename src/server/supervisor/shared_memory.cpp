#include "server/supervisor/shared_memory.hpp"

#include "core/descriptor.hpp"
#include "core/parse_number.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::server {

namespace {

/// As many segments as there may be by default (`kernel.shmmni`) take two thirds of it.
constexpr std::size_t kLongestList = 1024UL * 1024UL;

std::string process_folder(pid_t process) { return "/proc/" + std::to_string(process); }

/// One process of each namespace of that kind.
std::map<std::string, pid_t> namespaces_of(const std::vector<pid_t>& processes, const std::string& kind) {
  std::map<std::string, pid_t> result;
  for (const pid_t process : processes) {
    std::error_code gone;
    const auto name = std::filesystem::read_symlink(process_folder(process) + "/ns/" + kind, gone);
    if (!gone) {
      result.emplace(name.string(), process);
    }
  }
  return result;
}

/// Blanks and the like are written as `\040`.
std::string without_escapes(std::string_view text) {
  constexpr int kOctal = 8;
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      result += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 3)), nullptr, kOctal));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

/// Devices of the file systems in memory that a process sees, and where.
std::map<dev_t, std::string> memory_mounts_of(const std::string& folder) {
  std::map<dev_t, std::string> result;
  std::ifstream mounts(folder + "/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    if (line.find(" - tmpfs ") == std::string::npos) {
      continue;
    }
    std::istringstream fields(line);
    std::string skipped;
    unsigned int major = 0;
    unsigned int minor = 0;
    char colon = 0;
    std::string place;
    if (fields >> skipped >> skipped >> major >> colon >> minor >> skipped >> place) {
      result.insert_or_assign(makedev(major, minor), without_escapes(place));
    }
  }
  return result;
}

/// Nothing if something else is at that place, which a job may have changed.
std::uint64_t used_in(const std::string& place, dev_t device) {
  const Descriptor folder(::open(place.c_str(), O_PATH | O_CLOEXEC));
  struct stat status {};
  struct statfs system {};
  if (!folder || ::fstat(folder.get(), &status) != 0 || status.st_dev != device ||
      ::fstatfs(folder.get(), &system) != 0 || system.f_type != TMPFS_MAGIC) {
    return 0;
  }
  // The kernel needs about that much for each file, empty ones too.
  constexpr std::uint64_t kFile = 1024;
  return (system.f_blocks - system.f_bfree) * static_cast<std::uint64_t>(system.f_bsize) +
         (system.f_files - system.f_ffree) * kFile;
}

/// Resident and swapped bytes of the listed segments whose creator is wanted.
std::uint64_t size_of_segments(const std::string& list, const std::function<bool(pid_t)>& wanted) {
  // key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap
  constexpr int kCreator = 4;
  constexpr int kResident = 14;
  std::uint64_t bytes = 0;
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    const std::vector<std::string> words(std::istream_iterator<std::string>(fields), {});
    const auto creator = words.size() > kResident + 1 ? parse_number<pid_t>(words[kCreator]) : std::nullopt;
    if (creator && wanted(*creator)) {
      bytes += parse_number<std::uint64_t>(words[kResident]).value_or(0) +
               parse_number<std::uint64_t>(words[kResident + 1]).value_or(0);
    }
  }
  return bytes;
}

/// Where the list of the segments is read, with calls of the system only: by a process that has the memory of this one.
struct SegmentsReader {
  /// Process in whose namespace it is read; none: in the caller's.
  int process = -1;
  std::string text = std::string(kLongestList, '\0');
  std::size_t length = 0;
};

int read_segments(void* argument) {
  auto& reader = *static_cast<SegmentsReader*>(argument);
  // Whoever has made a user namespace may enter it, and with it those that belong to it.
  if (reader.process >= 0 && ::setns(reader.process, CLONE_NEWUSER | CLONE_NEWIPC) != 0 &&
      ::setns(reader.process, CLONE_NEWIPC) != 0) {
    return 1;
  }
  const int list = ::open("/proc/sysvipc/shm", O_RDONLY | O_CLOEXEC);
  for (ssize_t count = 1; count > 0 && reader.length < reader.text.size();) {
    count = ::read(list, reader.text.data() + reader.length, reader.text.size() - reader.length);
    reader.length += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  ::close(list);
  return 0;
}

/// A thread cannot enter a user namespace.
std::string segments_in_namespace_of(pid_t process) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  if (!handle) {
    return {};
  }
  constexpr std::size_t kStack = 65536;
  const auto stack = std::make_unique<std::array<std::byte, kStack>>();
  SegmentsReader reader{.process = handle.get()};
  const pid_t child = ::clone(&read_segments, stack->data() + stack->size(), CLONE_VM | CLONE_VFORK, &reader);
  if (child > 0) {
    ::waitpid(child, nullptr, __WALL);
  }
  reader.text.resize(reader.length);
  return reader.text;
}

std::string own_segments() {
  SegmentsReader reader;
  read_segments(&reader);
  reader.text.resize(reader.length);
  return reader.text;
}

}  // namespace

std::uint64_t memory_of_mounts(const std::vector<pid_t>& processes, std::set<dev_t>& devices) {
  const auto own = memory_mounts_of("/proc/self");
  std::uint64_t bytes = 0;
  for (const auto& [name, process] : namespaces_of(processes, "mnt")) {
    for (const auto& [device, place] : memory_mounts_of(process_folder(process))) {
      if (!own.contains(device) && devices.insert(device).second) {
        bytes += used_in(process_folder(process) + "/root" + place, device);
      }
    }
  }
  return bytes;
}

std::uint64_t memory_of_segments(const std::vector<pid_t>& processes) {
  std::error_code ignored;
  const auto own = std::filesystem::read_symlink("/proc/self/ns/ipc", ignored).string();
  const auto is_one = [&](pid_t creator) { return std::ranges::count(processes, creator) > 0; };
  const auto all = [](pid_t) { return true; };
  std::uint64_t bytes = 0;
  for (const auto& [name, process] : namespaces_of(processes, "ipc")) {
    bytes += name == own ? size_of_segments(own_segments(), is_one)
                         : size_of_segments(segments_in_namespace_of(process), all);
  }
  return bytes;
}

}  // namespace batchai::server
