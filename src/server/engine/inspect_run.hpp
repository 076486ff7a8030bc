#pragma once

#include "core/descriptor.hpp"
#include "server/run/run_records.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace batchai::server {

/// What has become of a run that was handed over. Neither a supervisor nor an outcome: its state is unknown, and
/// nothing may be concluded from that.
struct RunFinding {
  /// Handle to the supervisor if it lives.
  Descriptor supervisor = {};
  pid_t pid = 0;
  std::chrono::milliseconds grace{};
  /// When the supervisor has to end the run.
  std::optional<std::chrono::steady_clock::time_point> limit_end = {};
  std::optional<RunOutcome> outcome = {};
};

/// Looks at the records of a run. One without an outcome is lost, and is cleaned up, only if this process could take
/// its lock, so that no supervisor can have it. Does not throw: whatever this process cannot do (no descriptors, no
/// memory) says nothing about the run.
/// `if_lost` is what a lost one becomes.
RunFinding inspect_run(const RunRecords& records, const std::string& run_id, Timestamp now,
                       RunOutcome::Kind if_lost = RunOutcome::Kind::Lost) noexcept;

}  // namespace batchai::server
