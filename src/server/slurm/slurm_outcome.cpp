#include "server/slurm/slurm_outcome.hpp"

#include "server/supervisor/in_allocation.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace batchai::server {

namespace {

using Kind = RunOutcome::Kind;

template <std::size_t count>
bool is_one_of(std::string_view state, const std::array<std::string_view, count>& states) {
  return std::ranges::find(states, state) != states.end();
}

constexpr int kCannotWriteOutput = 53;
/// 128 + n after signal n.
constexpr int kTerminated = 143;
constexpr int kKilled = 137;

std::string on_host(const SlurmJobState& job) {
  return job.host.empty() || job.host == "(null)" ? "a node" : "node " + job.host;
}

RunOutcome not_started(std::string message) { return {.kind = Kind::NotStarted, .message = std::move(message)}; }

RunOutcome lost(const SlurmJobState& job) {
  return {.kind = Kind::Lost, .message = "Slurm ended the job on " + on_host(job) + ": " + job.state};
}

RunOutcome cancelled() { return {.kind = Kind::Cancelled, .message = "The job was cancelled in Slurm"}; }

/// Its script ended by itself, or by a signal.
RunOutcome of_script(const SlurmJobState& job, bool has_begun, const std::filesystem::path& run_folder,
                     const std::filesystem::path& supervisor) {
  if (!has_begun && job.exit_code == kNoRunFolder) {
    return not_started("the data folder of the service has to be on a file system that all nodes share: " +
                       on_host(job) + " cannot read " + run_folder.string());
  }
  if (!has_begun && job.exit_code == kCannotUseFolder) {
    return not_started("the nodes have to be able to write and to lock files in the data folder of the service: " +
                       on_host(job) + " cannot do that in " + run_folder.string());
  }
  if (!has_begun && cannot_begin(job)) {
    return not_started(on_host(job) + " cannot run " + supervisor.string());
  }
  if (job.signal == kCannotWriteOutput) {
    return not_started("Slurm could not start the job's script on " + on_host(job));
  }
  return lost(job);
}

}  // namespace

bool has_ended(std::string_view state) {
  constexpr std::array<std::string_view, 11> kEnded{"COMPLETED", "FAILED",        "CANCELLED",    "TIMEOUT",
                                                    "NODE_FAIL", "PREEMPTED",     "BOOT_FAIL",    "DEADLINE",
                                                    "REVOKED",   "OUT_OF_MEMORY", "LAUNCH_FAILED"};
  return is_one_of(state, kEnded);
}

bool is_on_nodes(std::string_view state) {
  constexpr std::array<std::string_view, 8> kOnNodes{"RUNNING", "CONFIGURING", "COMPLETING", "SUSPENDED",
                                                     "STOPPED", "RESIZING",    "SIGNALING",  "STAGE_OUT"};
  return is_one_of(state, kOnNodes);
}

bool is_requeued(std::string_view state) {
  constexpr std::array<std::string_view, 4> kRequeued{"REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT"};
  return is_one_of(state, kRequeued);
}

bool cannot_begin(const SlurmJobState& job) {
  // The supervisor's own codes for what has no outcome, and what another attempt may not meet. All others are those
  // with which Slurm says that it cannot execute a script, or a shell that there is no such program; more than that a
  // supervisor has that was ended by a signal.
  constexpr std::array<int, 5> kOthers{0, 1, EAGAIN, ENOMEM, ETXTBSY};
  constexpr int kSignalled = 128;
  return job.signal == 0 && job.exit_code < kSignalled && std::ranges::find(kOthers, job.exit_code) == kOthers.end();
}

RunOutcome outcome_without_supervisor(const SlurmJobState& job, bool has_begun, const std::filesystem::path& run_folder,
                                      const std::filesystem::path& supervisor) {
  if (job.restarts > 0 || is_requeued(job.state)) {
    return lost(job);
  }
  if (job.state == "CANCELLED") {
    return cancelled();
  }
  if (job.state == "TIMEOUT" || job.state == "DEADLINE") {
    return {.kind = Kind::TimedOut, .message = "Slurm stopped the job at its time limit"};
  }
  if (job.state == "OUT_OF_MEMORY") {
    return {.kind = Kind::Exited, .exit_code = kKilled, .message = "Slurm killed the job, which used too much memory"};
  }
  return job.state == "COMPLETED" || job.state == "FAILED" ? of_script(job, has_begun, run_folder, supervisor)
                                                           : lost(job);
}

bool depends_on_slurm(const RunOutcome& outcome) {
  const int code = outcome.exit_code.value_or(0);
  return outcome.kind == Kind::Stopped || (outcome.kind == Kind::Exited && (code == kTerminated || code == kKilled));
}

RunOutcome outcome_of_stopped(RunOutcome outcome, const SlurmJobState& job) {
  constexpr std::array<std::string_view, 3> kLost{"NODE_FAIL", "PREEMPTED", "BOOT_FAIL"};
  if (job.restarts > 0 || is_requeued(job.state) || job.state == "PENDING" || is_one_of(job.state, kLost)) {
    outcome.kind = Kind::Lost;
  } else if (job.state == "CANCELLED") {
    outcome.kind = Kind::Cancelled;
    outcome.message = cancelled().message;
  } else if (job.state == "TIMEOUT" || job.state == "DEADLINE") {
    outcome.kind = Kind::TimedOut;
  }
  return outcome;
}

}  // namespace batchai::server
