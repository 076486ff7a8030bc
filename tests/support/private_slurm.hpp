#pragma once

#include "support/temporary_folder.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace batchai::test {

/// A Slurm cluster of its own on this machine, nodes n1, n2, …, up and idle when it has been made. Goes away with this
/// object, or with the process.
class PrivateSlurm {
 public:
  /// Why there can be none here; empty where there can.
  static std::string missing() {
    for (const char* program : {"slurmctld", "slurmd", "sbatch", "munged"}) {
      if (!is_installed(program)) {
        return std::string(program) + " is not installed (tests/run.sh --with-slurm)";
      }
    }
    return "";
  }

  explicit PrivateSlurm(int nodes = 3, int cpus = 32) {
    std::vector<std::string> words{BATCHAI_TESTS_FOLDER "/../examples/slurm/private_slurm.sh", folder_.path().string(),
                                   std::to_string(cpus)};
    for (const int port : free_ports(nodes + 1)) {
      words.push_back(std::to_string(port));
    }
    start(words);
    if (read_line().find("ready") != 0) {
      stop();
      throw std::runtime_error("Slurm does not get ready; see " + folder_.path().string());
    }
  }
  ~PrivateSlurm() { stop(); }
  PrivateSlurm(const PrivateSlurm&) = delete;
  PrivateSlurm& operator=(const PrivateSlurm&) = delete;

  /// SLURM_CONF.
  std::filesystem::path config() const { return folder_ / "slurm.conf"; }

  /// Output of one of Slurm's commands, run by a shell.
  std::string run(const std::string& command) const {
    const std::string line = "SLURM_CONF='" + config().string() + "' " + command + " 2>&1";
    std::string text;
    FILE* output = ::popen(line.c_str(), "r");
    std::array<char, 4096> buffer{};
    while (const auto count = std::fread(buffer.data(), 1, buffer.size(), output)) {
      text.append(buffer.data(), count);
    }
    ::pclose(output);
    return text;
  }

  void kill_controller() const { run("kill -9 $(cat '" + (folder_ / "state/slurmctld.pid").string() + "')"); }
  void start_controller() const {
    run("setsid slurmctld -D > '" + (folder_ / "log/slurmctld-again.out").string() + "' 2>&1 < /dev/null &");
  }
  void kill_node_daemon(const std::string& node) const {
    run("kill -9 $(cat '" + (folder_ / ("spool/" + node + ".pid")).string() + "')");
  }
  void start_node_daemon(const std::string& node) const {
    run("setsid slurmd -D -N " + node + " > '" + (folder_ / ("log/again-" + node + ".out")).string() +
        "' 2>&1 < /dev/null &");
  }

 private:
  static bool is_installed(const std::string& program) {
    for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/", "/usr/local/sbin/"}) {
      if (::access((folder + program).c_str(), X_OK) == 0) {
        return true;
      }
    }
    return false;
  }

  static std::vector<int> free_ports(int count) {
    std::vector<int> sockets;
    std::vector<int> ports;
    for (int i = 0; i < count; ++i) {
      const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      socklen_t size = sizeof address;
      ::bind(listener, reinterpret_cast<const sockaddr*>(&address), size);
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
      sockets.push_back(listener);
      ports.push_back(ntohs(address.sin_port));
    }
    for (const int listener : sockets) {
      ::close(listener);
    }
    return ports;
  }

  void start(std::vector<std::string>& words) {
    int input[2] = {};
    int output[2] = {};
    if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipe");
    }
    std::vector<char*> arguments;
    for (auto& word : words) {
      arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::setsid();
      ::setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
      ::dup2(input[0], 0);
      ::dup2(output[1], 1);
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    keep_ = input[1];
    said_ = output[0];
  }

  std::string read_line() const {
    std::string line;
    char letter = 0;
    while (::read(said_, &letter, 1) == 1 && letter != '\n') {
      line += letter;
    }
    return line;
  }

  void stop() {
    ::close(keep_);
    ::close(said_);
    ::waitpid(pid_, nullptr, 0);
  }

  TemporaryFolder folder_;
  pid_t pid_ = -1;
  int keep_ = -1;
  int said_ = -1;
};

}  // namespace batchai::test
