#pragma once

#include "server/planning/job_expand.hpp"
#include "server/planning/job_plan.hpp"
#include "server/run/engine.hpp"

#include <filesystem>
#include <vector>

namespace batchai::server {

/// Programs that the service puts in front of the PATH of a job's processes, in a folder `bin` of the job's own:
/// - `ssh` leads to the nodes of the job without a password, and to all other hosts as the real one does. The nodes are
///   slots of this machine, so that it starts the command here, with folders and variables of the node that was asked
///   for. OpenMPI reaches the nodes by it, too.
/// - `mpi-launch COUNT COMMAND` runs a shell command in as many ranks and ends with the exit code of the first that
///   fails, which mpirun itself does not always tell.
struct JobPrograms {
  /// `{job folder}/bin`.
  std::filesystem::path folder;

  /// `environments` are the variables of the nodes, in their order. What differs between them goes into a file for
  /// each; secrets are the same for all and are in none.
  std::vector<RunFile> files(const std::vector<JobNode>& nodes, const std::vector<Variables>& environments) const;
};

}  // namespace batchai::server
