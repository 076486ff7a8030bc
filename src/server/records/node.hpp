#pragma once

#include "batchai/core/time.hpp"
#include "batchai/models/common.hpp"

#include <optional>
#include <string>
#include <vector>

namespace batchai::server {

/// A node of a cluster.
struct Node {
  /// `preparing` and `unusable` nodes take no jobs; a `leaving` one is removed as soon as nothing runs on it.
  enum class State { Preparing, Idle, Running, Leaving, Unusable };

  std::string id;
  std::string address;
  State state = State::Preparing;
  /// Key of the job on it, empty if there is none.
  std::string job = {};
  /// Whether that job waits for the machine that this node is to be.
  bool waits = false;
  /// Run of its setup task, empty if there is none or it has ended.
  std::string setup_run = {};
  /// Whether the engine is known to have that run.
  bool setup_handed_over = false;
  /// How many runs of the setup task were lost.
  int setup_losses = 0;
  /// Since when it has had no job.
  std::optional<Timestamp> idle_since = {};
  /// Why it is unusable.
  std::optional<BatchAiError> error = {};
  /// GPUs of this machine that belong to it, by the machine's numbers.
  std::vector<int> gpus = {};

  bool is_free() const noexcept { return state == State::Idle && job.empty(); }
  /// Whether processes may run on it, so that it cannot be removed yet.
  bool is_busy() const noexcept { return !job.empty() || !setup_run.empty(); }
};

}  // namespace batchai::server
