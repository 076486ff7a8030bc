#pragma once

#include <filesystem>

namespace batchai::server {

/// File of a run's folder that its plan is in, where no socket leads to its supervisor. Holds secrets: only its owner
/// can read it, and it is removed at the end of the run.
inline constexpr const char* kPlanFile = "plan.json";

/// Exit codes of the script of a Slurm job where the run's folder cannot be read from this node, or not be written or
/// locked: nothing has run.
inline constexpr int kNoRunFolder = 113;
inline constexpr int kCannotUseFolder = 115;

/// The whole program as the script of a Slurm job: runs the plan in `run_folder`, with the job's nodes as the plan's,
/// and leaves its outcome there. It does so in a child; whatever becomes of that, no process of the run stays on this
/// node. Returns the exit code for Slurm: that of the run, or one of those above.
int supervise_in_allocation(const std::filesystem::path& run_folder);

}  // namespace batchai::server
