#pragma once

#include "core/descriptor.hpp"
#include "server/run/run_records.hpp"

#include <filesystem>

namespace batchai::server {

/// What the supervisor says on standard output, with a line end, once the run is its own.
inline constexpr const char* kTakenOver = "taken over";

/// Its line begins with this instead if the same may work soon.
inline constexpr const char* kBusy = "busy: ";

/// The whole program: reads a plan from standard input, continues in a process of its own that does not depend on the
/// caller, says `taken over` there (or one line that says what is wrong), runs the plan and leaves its outcome in
/// `run_folder`. Returns the exit code, in the caller's process at once and in the other one at the end of the run.
int supervise(const std::filesystem::path& run_folder);

/// The lock of the run, and a record of this process as its supervisor. Empty if another supervisor has the run, or had
/// it, or if it was given up. Throws std::exception if the records cannot be written.
Descriptor take_over(const RunRecords& records, const RunPlan& plan);

/// Writes the outcome, as often as it takes while the folder of the run is there.
void leave_outcome(const RunRecords& records, const RunOutcome& outcome);

}  // namespace batchai::server
