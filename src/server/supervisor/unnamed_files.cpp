#include "server/supervisor/unnamed_files.hpp"

#include "core/descriptor.hpp"
#include "core/directory_stream.hpp"

#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace batchai::server {

namespace {

constexpr std::uint64_t kUnnamedBlock = 512;
constexpr std::string_view kDeleted = " (deleted)";

class UnnamedFileSearch {
 public:
  UnnamedFileSearch(const std::set<dev_t>& counted, std::chrono::steady_clock::time_point deadline)
      : counted_(counted), deadline_(deadline) {}

  void look_at(pid_t process) {
    const auto folder = "/proc/" + std::to_string(process);
    look_at_descriptors(folder + "/fd");
    look_at_mappings(folder);
  }

  bool is_late() const { return std::chrono::steady_clock::now() >= deadline_; }
  UnnamedFiles result() { return std::move(found_); }

 private:
  void look_at_descriptors(const std::string& folder) {
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const DirectoryStream entries(::opendir(folder.c_str()));
    while (const dirent* entry = entries && directory && !is_late() ? ::readdir(entries.get()) : nullptr) {
      std::array<char, 4096> target{};
      const auto length = ::readlinkat(directory.get(), entry->d_name, target.data(), target.size());
      // A path that is too long cannot be read to its end, and may have the mark there.
      const bool whole = length >= 0 && length < static_cast<ssize_t>(target.size());
      const std::string_view path(target.data(), whole ? static_cast<std::size_t>(length) : 0);
      if (entry->d_name[0] != '.' && (!whole || path.ends_with(kDeleted))) {
        add(directory.get(), entry->d_name);
      }
    }
  }

  /// A segment of System V is counted where its namespace is looked at.
  void look_at_mappings(const std::string& folder) {
    if (::geteuid() != 0) {
      return;
    }
    std::ifstream mappings(folder + "/maps");
    for (std::string line; !is_late() && std::getline(mappings, line);) {
      if (line.ends_with(kDeleted) && line.find(" /SYSV") == std::string::npos) {
        add(AT_FDCWD, folder + "/map_files/" + line.substr(0, line.find(' ')));
      }
    }
  }

  void add(int directory, const std::string& name) {
    const Descriptor file(::openat(directory, name.c_str(), O_PATH | O_CLOEXEC));
    struct stat status {};
    struct statfs system {};
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink != 0 ||
        counted_.contains(status.st_dev) || !known_.emplace(status.st_dev, status.st_ino).second ||
        ::fstatfs(file.get(), &system) != 0) {
      return;
    }
    const auto bytes = static_cast<std::uint64_t>(status.st_blocks) * kUnnamedBlock;
    if (system.f_type == TMPFS_MAGIC) {
      found_.memory_bytes += bytes;
    } else {
      found_.disk_bytes[status.st_dev] += bytes;
    }
  }

  const std::set<dev_t>& counted_;
  std::chrono::steady_clock::time_point deadline_;
  std::set<std::pair<dev_t, ino_t>> known_;
  UnnamedFiles found_;
};

}  // namespace

UnnamedFiles unnamed_files_of(const std::vector<pid_t>& processes, const std::set<dev_t>& counted,
                              std::chrono::steady_clock::time_point deadline) {
  UnnamedFileSearch search(counted, deadline);
  for (const pid_t process : processes) {
    if (search.is_late()) {
      break;
    }
    search.look_at(process);
  }
  return search.result();
}

}  // namespace batchai::server
