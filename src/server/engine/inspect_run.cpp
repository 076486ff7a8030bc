#include "server/engine/inspect_run.hpp"

#include "server/engine/lost_run.hpp"
#include "server/engine/pidfd.hpp"
#include "server/supervisor/process_table.hpp"

#include <exception>
#include <utility>

namespace batchai::server {

namespace {

/// For a run whose lock another process has. Nothing as long as there is no record of a supervisor, or if that process
/// only looks at the run.
RunFinding find_supervisor(const RunRecords& records, Timestamp now) {
  const auto record = records.read_supervisor();
  if (!record) {
    return {};
  }
  auto handle = open_process(record->pid);
  // Looked at after the handle was made: if it is the same process now, the handle is the supervisor's.
  if (!handle || process_start_time(record->pid) != record->start_time) {
    return {};
  }
  RunFinding finding{.supervisor = std::move(handle), .pid = record->pid, .grace = record->grace};
  if (record->limit) {
    finding.limit_end = std::chrono::steady_clock::now() + (record->started + *record->limit - now);
  }
  return finding;
}

RunFinding inspect(const RunRecords& records, const std::string& run_id, Timestamp now, RunOutcome::Kind if_lost) {
  if (auto outcome = records.read_outcome()) {
    return {.outcome = std::move(outcome)};
  }
  if (!records.exist()) {
    return {.outcome = close_lost_run(records, run_id, now, if_lost)};
  }
  const auto lock = records.try_lock();
  if (!lock) {
    return find_supervisor(records, now);
  }
  // It may have been written, and the lock released, since the first look.
  if (auto outcome = records.read_outcome()) {
    return {.outcome = std::move(outcome)};
  }
  return {.outcome = close_lost_run(records, run_id, now, if_lost)};
}

}  // namespace

RunFinding inspect_run(const RunRecords& records, const std::string& run_id, Timestamp now,
                       RunOutcome::Kind if_lost) noexcept {
  try {
    return inspect(records, run_id, now, if_lost);
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace batchai::server
