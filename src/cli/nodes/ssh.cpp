#include "cli/nodes/ssh.hpp"

#include "cli/frame/errors.hpp"
#include "core/descriptor.hpp"
#include "core/pointers_to.hpp"
#include "core/shell_quote.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <sstream>

#include <netdb.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kKeepAliveSeconds = 15;

fs::path find_program(const std::string& name, const std::string& path) {
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path candidate = fs::path(folder) / name;
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
  }
  throw CommandError(kFailed, "there is no program '" + name + "' in PATH", "install openssh-client");
}

std::vector<std::string> child_environment(const SshCall& call, const fs::path& askpass) {
  std::vector<std::string> variables = inherited_variables();
  if (!call.password.empty()) {
    variables.push_back(std::string(kAskpassVariable) + "=" + call.password.reveal());
    variables.push_back("SSH_ASKPASS=" + askpass.string());
    variables.emplace_back("SSH_ASKPASS_REQUIRE=force");
  }
  return variables;
}

/// What ssh is started with: this program blocks and ignores signals that ssh has to hear, Ctrl-C among them.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    sigset_t none;
    sigset_t usual;
    ::sigemptyset(&none);
    ::sigemptyset(&usual);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) {
      ::sigaddset(&usual, signal);
    }
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// Ctrl-C reaches ssh by itself; a signal to this program alone is meant for ssh, too.
int exit_code_of(pid_t child, const CancellationToken& cancellation) {
  constexpr useconds_t kPoll = 20'000;
  int status = 0;
  for (bool told = false; ::waitpid(child, &status, WNOHANG) != child;) {
    if (!told && cancellation.cancelled()) {
      ::kill(child, SIGTERM);
      told = true;
    }
    ::usleep(kPoll);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::vector<std::string> ssh_words(const SshCall& call) {
  std::vector<std::string> words;
  // Different nodes have the same address over time, so a known key says nothing.
  for (const char* option :
       {"StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "ExitOnForwardFailure=yes"}) {
    words.insert(words.end(), {"-o", option});
  }
  words.insert(words.end(), {"-o", "ServerAliveInterval=" + std::to_string(kKeepAliveSeconds)});
  if (!call.password.empty()) {
    words.insert(words.end(), {"-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1"});
  }
  if (!call.private_key_file.empty()) {
    words.insert(words.end(), {"-o", "IdentitiesOnly=yes", "-i", call.private_key_file});
  }
  for (const std::string& forward : call.forwards) {
    words.insert(words.end(), {"-L", "0.0.0.0:" + forward});
  }
  words.insert(words.end(), {call.command.empty() ? "-N"
                             : call.terminal      ? "-t"
                                                  : "-T",
                             "-p", std::to_string(call.port), call.user + "@" + call.host});
  if (!call.command.empty()) {
    words.insert(words.end(), {"--", "bash -ilc " + shell_quote(call.command)});
  }
  return words;
}

bool refuses_connections(const std::string& host, int port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) {
    return false;
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> address(found, &::freeaddrinfo);
  const Descriptor socket(::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), address->ai_addr, address->ai_addrlen) == 0) {
    return false;
  }
  if (errno != EINPROGRESS) {
    return errno == ECONNREFUSED;
  }
  constexpr int kConnectTimeout = 2'000;  // milliseconds
  pollfd answer{socket.get(), POLLOUT, 0};
  int error = 0;
  socklen_t size = sizeof error;
  return ::poll(&answer, 1, kConnectTimeout) == 1 &&
         ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == ECONNREFUSED;
}

int run_ssh(const SshCall& call, const Environment& environment, const fs::path& askpass,
            const CancellationToken& cancellation) {
  const fs::path program = find_program("ssh", environment.get("PATH"));
  std::vector<std::string> words = ssh_words(call);
  words.insert(words.begin(), "ssh");
  std::vector<std::string> variables = child_environment(call, askpass);
  const SpawnAttributes attributes;
  pid_t child = 0;
  const int error = ::posix_spawn(&child, program.c_str(), nullptr, attributes.get(), pointers_to(words).data(),
                                  pointers_to(variables).data());
  if (error != 0) {
    throw CommandError(kFailed, "cannot start " + program.string() + ": " + std::strerror(error));
  }
  return exit_code_of(child, cancellation);
}

}  // namespace batchai::cli
