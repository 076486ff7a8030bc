#pragma once

#include "server/run/run_records.hpp"

#include <string>

namespace batchai::server {

/// Ends every process that carries the mark of the run, at once, and waits until they are gone (10 s at most).
/// Throws std::system_error if it cannot look for them.
void kill_processes_of_run(const RunRecords& records, const std::string& run_id);

/// Cleans up after a supervisor that died without an outcome: processes, mounts. Writes and returns an outcome of that
/// kind, Lost or TimedOut. The caller has the lock of the run. Throws std::system_error if this process cannot look for
/// what is left of the run.
RunOutcome close_lost_run(const RunRecords& records, const std::string& run_id, Timestamp now, RunOutcome::Kind kind);

}  // namespace batchai::server
