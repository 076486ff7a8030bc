#pragma once

#include "server/run/engine.hpp"
#include "server/slurm/slurm_text.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace batchai::server {

/// Whether a job in this state (`RUNNING`, …) has ended, and is cleared away.
bool has_ended(std::string_view state);
/// Whether the job has nodes, ready or not.
bool is_on_nodes(std::string_view state);
/// Whether Slurm has taken the job from its nodes and would start it once more.
bool is_requeued(std::string_view state);

/// Whether a job whose run has not begun has this exit code because it never can on that node: its folder is missing or
/// its supervisor is. A job itself may end with such a code.
bool cannot_begin(const SlurmJobState& job);

/// What a job became that ended without its supervisor having left an outcome; `has_begun`: it had the run.
/// `run_folder` and `supervisor` are for messages. The time of its end is left open.
RunOutcome outcome_without_supervisor(const SlurmJobState& job, bool has_begun, const std::filesystem::path& run_folder,
                                      const std::filesystem::path& supervisor);

/// Whether the processes of a run with this outcome may have ended because Slurm ended them, which only Slurm can tell.
bool depends_on_slurm(const RunOutcome& outcome);

/// What such an outcome means where the service did not ask for the end.
RunOutcome outcome_of_stopped(RunOutcome outcome, const SlurmJobState& job);

}  // namespace batchai::server
