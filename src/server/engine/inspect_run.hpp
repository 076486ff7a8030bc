#pragma once

#include "core/descriptor.hpp"
#include "server/supervisor/run_records.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace batchai::server {

/// What has become of a run that was handed over. Neither a supervisor nor an outcome: that cannot be told now, and
/// nothing may be concluded from it.
struct RunFinding {
  /// Handle to the supervisor if it lives.
  Descriptor supervisor = {};
  std::chrono::milliseconds grace{};
  std::optional<RunOutcome> outcome = {};
};

/// Looks at the records of a run. One without an outcome is lost, and is cleaned up, only if this process could take
/// its lock, so that no supervisor can have it. Does not throw: whatever this process cannot do (no descriptors, no
/// memory) says nothing about the run.
RunFinding inspect_run(const RunRecords& records, const std::string& run_id, Timestamp now) noexcept;

}  // namespace batchai::server
