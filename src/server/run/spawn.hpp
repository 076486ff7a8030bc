#pragma once

#include <map>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/types.h>

namespace batchai::server {

/// Files that a program begins with: descriptors 0, 1 and 2, in any order.
class SpawnFiles {
 public:
  SpawnFiles() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnFiles() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnFiles(const SpawnFiles&) = delete;
  SpawnFiles& operator=(const SpawnFiles&) = delete;

  void open(int descriptor, const std::string& path, int flags, mode_t mode = 0) {
    ::posix_spawn_file_actions_addopen(&actions_, descriptor, path.c_str(), flags, mode);
  }
  void duplicate(int source, int descriptor) { ::posix_spawn_file_actions_adddup2(&actions_, source, descriptor); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// What the program leads: it is alone in it at first, and can be killed with all that is.
enum class SpawnAs { SessionLeader, GroupLeader };

/// Starts a program with no signal blocked or ignored and nothing of this program's environment. A name without a slash
/// is looked for in the folders of PATH. Throws std::system_error if it cannot be started. Thread-safe.
pid_t spawn(const std::string& program, const std::vector<std::string>& arguments,
            const std::map<std::string, std::string>& environment, const SpawnFiles& files, SpawnAs leader);

}  // namespace batchai::server
