#include "server/engine/ssh_session.hpp"

#include "server/engine/pidfd.hpp"
#include "server/engine/sshd_files.hpp"
#include "server/run/sandbox.hpp"
#include "server/run/spawn.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run_folders.hpp"

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

namespace batchai::server {

namespace {

namespace fs = std::filesystem;

/// What the sandbox is, and from the next number on the files of the server.
constexpr int kArguments = 3;
constexpr int kFirstFile = 4;
/// Above all numbers that the server's files have in its sandbox.
constexpr int kLeastNumber = 64;

Descriptor numbered_above(Descriptor file) {
  Descriptor copy(file ? ::fcntl(file.get(), F_DUPFD_CLOEXEC, kLeastNumber) : -1);
  if (!copy) {
    throw_errno("cannot pass a file on");
  }
  return copy;
}

/// The content in a file that has no name.
Descriptor file_with(const std::string& content) {
  auto file = numbered_above(Descriptor(::memfd_create("ssh", MFD_CLOEXEC)));
  if (::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()) ||
      ::lseek(file.get(), 0, SEEK_SET) != 0) {
    throw_errno("cannot keep a file for a connection");
  }
  return file;
}

std::string system_profile() {
  std::ifstream file("/etc/profile");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A folder that a job is yet to make would keep the sandbox from being made.
RunPlan without_missing_folders(RunPlan plan) {
  std::erase_if(plan.sandbox.value().writable, [](const fs::path& folder) {
    std::error_code ignored;
    return !fs::is_directory(folder, ignored);
  });
  return plan;
}

/// Without the mark of the run: who signs in is no process of the job, and does not end with it.
std::vector<std::string> session_environment(const RunPlan& plan) {
  auto variables = environment_block(plan, plan.processes.front());
  const auto mark = std::string(kRunIdVariable) + "=";
  std::erase_if(variables, [&](const std::string& variable) { return variable.starts_with(mark); });
  return variables;
}

/// Each argument of bwrap with a zero behind it.
std::string session_arguments(const RunPlan& plan, const std::vector<SandboxFile>& files) {
  std::vector<std::string> before{"--die-with-parent", "--perms", "0700", "--tmpfs", std::string(kSshdFolder)};
  std::vector<std::string> after{"--uid", "1000", "--gid", "1000"};
  int number = kFirstFile;
  for (const auto& file : files) {
    auto& words = file.replaces ? after : before;
    words.insert(words.end(), {"--perms", file.permissions, file.replaces ? "--ro-bind-data" : "--file",
                               std::to_string(number++), file.path});
  }
  std::string text;
  for (const auto& words : {before, sandbox_arguments(plan, plan.processes.front().node), after}) {
    for (const auto& word : words) {
      text.append(word).push_back('\0');
    }
  }
  return text;
}

std::pair<Descriptor, Descriptor> report_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw_errno("cannot make a pipe");
  }
  return {Descriptor(ends[0]), numbered_above(Descriptor(ends[1]))};
}

}  // namespace

SshSession start_ssh_session(const NodeLogin& login, const std::string& host_key, const Descriptor& connection) {
  if (!is_login_name(login.user)) {
    throw std::runtime_error("\"" + login.user + "\" cannot be the name of a user");
  }
  if (login.makes_folders) {
    make_run_folders(login.plan);
  }
  const auto plan = without_missing_folders(login.plan);
  const auto files = sshd_files(login, session_environment(plan), host_key, system_profile());
  const auto program = sandbox_program();
  if (program.path.empty()) {
    throw std::runtime_error("bubblewrap is not installed");
  }
  SpawnFiles given;
  given.duplicate(connection.get(), 0);
  given.duplicate(connection.get(), 1);
  auto [report, report_end] = report_pipe();
  given.duplicate(report_end.get(), 2);
  std::vector<Descriptor> contents;
  contents.push_back(file_with(session_arguments(plan, files)));
  for (const auto& file : files) {
    contents.push_back(file_with(file.content));
  }
  for (std::size_t index = 0; index < contents.size(); ++index) {
    given.duplicate(contents[index].get(), kArguments + static_cast<int>(index));
  }
  const pid_t pid = spawn(
      program.path,
      {"--args", std::to_string(kArguments), "--", kSshd, "-i", "-e", "-f", std::string(kSshdFolder) + "/sshd_config"},
      {{"PATH", base_environment().at("PATH")}}, given, SpawnAs::SessionLeader);
  try {
    return {.pid = pid, .process = open_process(pid), .report = std::move(report)};
  } catch (...) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    throw;
  }
}

}  // namespace batchai::server
