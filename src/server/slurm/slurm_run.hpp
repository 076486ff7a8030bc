#pragma once

#include "server/run/engine.hpp"
#include "server/slurm/slurm_text.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace batchai::server {

/// What is asked of Slurm for a run: the part of its plan that is no secret.
struct SlurmRequest {
  std::string run_id;
  std::string name;
  std::string node_kind;
  int rank = 1;
  std::size_t nodes = 1;
  int gpus = 0;
  std::optional<std::chrono::seconds> limit = {};
  std::chrono::milliseconds grace{};
};

SlurmRequest request_of(const RunPlan& plan);

/// What the engine knows of one of its runs.
struct SlurmRun {
  using Time = std::chrono::steady_clock::time_point;

  /// Empty for a run whose plan is not known, which was submitted by an earlier engine.
  std::optional<SlurmRequest> request;
  /// Of Slurm's job; empty before it is known.
  std::string job = {};
  /// Whether it was ever given to sbatch, as far as is known: if not, no job is of this run.
  bool tried = false;
  /// Slurm may have a job of it that is not known here: to be looked for before it is submitted.
  bool may_be_submitted = false;
  /// Slurm has refused it for now: when to submit it again.
  std::optional<Time> submit_at = {};
  /// Whether its supervisor can be signalled: its job does not wait for its nodes to get ready, and is not suspended.
  bool takes_signals = true;
  /// Whether its job has been seen on nodes, or may have been before this engine was made.
  bool may_have_begun = false;
  bool stop_requested = false;
  /// When to ask Slurm (again) to stop it, and when to ask for its end by force.
  std::optional<Time> stop_at = {};
  std::optional<Time> kill_at = {};
  /// What Slurm says of its job, which has ended; the inner one is empty where it does not know the job any more.
  std::optional<std::optional<SlurmJobState>> verdict = {};
  /// Since when its job is known to have ended while there is no outcome.
  std::optional<Time> ended_at = {};
  std::optional<RunProgress> progress = {};
  std::optional<RunOutcome> outcome = {};
  bool announced = false;
};

}  // namespace batchai::server
