#include "server/run/spawn.hpp"

#include "core/pointers_to.hpp"

#include <csignal>
#include <system_error>

namespace batchai::server {

namespace {

class SpawnAttributes {
 public:
  explicit SpawnAttributes(SpawnAs leader) {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    const int leads = leader == SpawnAs::SessionLeader ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    ::posix_spawnattr_setflags(&attributes_,
                               static_cast<short>(leads | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

pid_t spawn(const std::string& program, const std::vector<std::string>& arguments,
            const std::map<std::string, std::string>& environment, const SpawnFiles& files, SpawnAs leader) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) {
    variables.push_back(name + "=" + value);
  }
  const SpawnAttributes attributes(leader);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, program.c_str(), files.get(), attributes.get(), pointers_to(words).data(),
                                   pointers_to(variables).data());
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot start " + program);
  }
  return pid;
}

}  // namespace batchai::server
