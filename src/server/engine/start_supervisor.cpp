#include "server/engine/start_supervisor.hpp"

#include "core/descriptor.hpp"
#include "server/run/plan_json.hpp"
#include "server/run/run_records.hpp"
#include "server/run/spawn.hpp"
#include "server/run/system_error.hpp"
#include "server/supervisor/launch.hpp"
#include "server/supervisor/takeover.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

namespace batchai::server {

namespace {

/// Longest silence of the supervisor before it has taken over.
constexpr timeval kHandOverTimeout{.tv_sec = 30, .tv_usec = 0};

std::pair<Descriptor, Descriptor> make_socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw_errno("cannot make a socket");
  }
  ::setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &kHandOverTimeout, sizeof kHandOverTimeout);
  ::setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &kHandOverTimeout, sizeof kHandOverTimeout);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// In a session of its own, with the socket as input and output, and the log as error output.
pid_t spawn_supervisor(const std::filesystem::path& program, const RunRecords& records, int socket) {
  SpawnFiles files;
  files.duplicate(socket, 0);
  files.duplicate(socket, 1);
  files.open(2, records.log_file().string(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  return spawn(program.string(), {records.folder().string()}, base_environment(), files, SpawnAs::SessionLeader);
}

void send_plan(int socket, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) {
      return;  // its answer, or its silence, is the error to report
    }
    text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  ::shutdown(socket, SHUT_WR);
}

std::string receive_line(int socket) {
  std::string line;
  std::array<char, 512> buffer{};
  while (line.find('\n') == std::string::npos) {
    const auto count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count == 0 || (count < 0 && errno != EINTR)) {
      return count == 0 ? "it ended without an answer" : "it does not answer";
    }
    line.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return line.substr(0, line.find('\n'));
}

/// The spawned process only starts another one and ends.
void await_handover(pid_t pid, bool answered) {
  if (!answered) {
    ::kill(pid, SIGKILL);
  }
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// A supervisor that takes over too late must not run what is given up here: an outcome stops it. False if it has taken
/// over already, or if that is unknown: then the run is not given up.
bool call_off(const RunRecords& records, const std::string& reason) {
  try {
    const auto lock = records.try_lock();
    if (!lock || records.read_supervisor()) {
      return false;
    }
    records.write_outcome({.kind = RunOutcome::Kind::NotStarted, .message = reason});
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

void start_supervisor(const std::filesystem::path& supervisor, const std::filesystem::path& run_folder,
                      const RunPlan& plan) {
  const auto text = plan_to_json(plan);
  auto [ours, theirs] = make_socket_pair();
  const RunRecords records(run_folder);
  const pid_t pid = spawn_supervisor(supervisor, records, theirs.get());
  theirs.reset();
  send_plan(ours.get(), text);
  const auto answer = receive_line(ours.get());
  ours.reset();
  await_handover(pid, answer == kTakenOver);
  const auto reason = "the supervisor of run " + plan.run_id + " did not take over: " + answer;
  if (answer.starts_with(kBusy)) {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again), reason);
  }
  if (answer != kTakenOver && call_off(records, reason)) {
    throw std::runtime_error(reason);
  }
}

}  // namespace batchai::server
