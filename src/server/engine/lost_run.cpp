#include "server/engine/lost_run.hpp"

#include "server/engine/pidfd.hpp"
#include "server/supervisor/process_table.hpp"
#include "server/supervisor/run_folders.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <utility>
#include <vector>

#include <poll.h>

namespace batchai::server {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kLockTimeout{10};
constexpr int kWaitMilliseconds = 1'000;

/// Handles to the processes of the run. Those that ended while we looked, and whose pid may belong to another process
/// by now, are not among them.
std::vector<Descriptor> open_processes(const std::string& run_id) {
  std::vector<std::pair<pid_t, Descriptor>> candidates;
  for (const pid_t pid : processes_of_run(run_id)) {
    if (auto handle = open_process(pid)) {
      candidates.emplace_back(pid, std::move(handle));
    }
  }
  const auto confirmed = processes_of_run(run_id);
  std::vector<Descriptor> handles;
  for (auto& [pid, handle] : candidates) {
    if (std::ranges::find(confirmed, pid) != confirmed.end()) {
      handles.push_back(std::move(handle));
    }
  }
  return handles;
}

void kill_and_wait(const std::vector<Descriptor>& handles) {
  for (const auto& handle : handles) {
    signal_process(handle, SIGKILL);
  }
  for (const auto& handle : handles) {
    pollfd entry{.fd = handle.get(), .events = POLLIN, .revents = 0};
    ::poll(&entry, 1, kWaitMilliseconds);
  }
}

/// Jobs can drop the mark, and not this.
void kill_sandboxes(const RunRecords& records) {
  std::vector<Descriptor> handles;
  for (const auto& sandbox : records.read_sandboxes()) {
    auto handle = open_process(sandbox.pid);
    // Looked at after the handle was made: if it is the same process now, the handle is that process's.
    if (handle && process_start_time(sandbox.pid) == sandbox.start_time) {
      handles.push_back(std::move(handle));
    }
  }
  kill_and_wait(handles);
}

}  // namespace

void kill_processes_of_run(const RunRecords& records, const std::string& run_id) {
  kill_sandboxes(records);
  const auto deadline = Clock::now() + kLockTimeout;
  auto handles = open_processes(run_id);
  while (!handles.empty() && Clock::now() < deadline) {
    kill_and_wait(handles);
    handles = open_processes(run_id);  // some may have been forked meanwhile
  }
}

RunOutcome close_lost_run(const RunRecords& records, const std::string& run_id, Timestamp now, RunOutcome::Kind kind) {
  RunOutcome outcome{.kind = kind, .ended = now};
  outcome.message = kind == RunOutcome::Kind::TimedOut
                        ? "the longest time for this run has passed, and its supervisor was kept from ending it"
                        : "the supervisor of the run ended before the run did";
  kill_processes_of_run(records, run_id);
  if (const auto supervisor = records.read_supervisor()) {
    outcome.started = supervisor->started;
    remove_mounts(supervisor->mounts, supervisor->writable);
  }
  try {
    records.write_outcome(outcome);
  } catch (const std::exception& error) {
    // If it cannot be written, the next engine finds the same.
    outcome.message += std::string("; ") + error.what();
  }
  return outcome;
}

}  // namespace batchai::server
