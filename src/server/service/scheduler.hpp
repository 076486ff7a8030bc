#pragma once

#include "batchai/core/time.hpp"
#include "batchai/models/cluster.hpp"
#include "batchai/models/common.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The decisions of the scheduler, with nothing but values going in and out.
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
  /// GPUs of this machine that are its own, as the machine numbers them.
  std::vector<int> gpus = {};

  bool is_free() const noexcept { return state == State::Idle && job.empty(); }
  /// Whether processes may run on it, so that it cannot be removed yet.
  bool is_busy() const noexcept { return !job.empty() || !setup_run.empty(); }
};

/// A job that waits for nodes of one cluster.
struct WaitingJob {
  std::string key;
  /// 0 high, 1 normal, 2 low.
  int rank = 1;
  /// Order of creation, first in, first out within a rank.
  std::int64_t sequence = 0;
  int node_count = 1;
};

/// `high`, `normal`, `low` in any case; everything else counts as normal.
int priority_rank(std::string_view priority);

struct Assignment {
  std::string job;
  std::vector<std::string> nodes;
};

/// Gives free nodes to waiting jobs: high before normal before low, first in, first out within a priority. The first
/// one that does not fit holds back all behind it, so that it is never overtaken (sheet section 11, row 7). Jobs larger
/// than `limit`, which the cluster as it is set up can never run, are passed over. Nothing is given away while jobs
/// have to leave their nodes.
std::vector<Assignment> assign_jobs(const std::vector<Node>& nodes, std::vector<WaitingJob> waiting, int limit);

/// A job that runs on the cluster.
struct RunningJob {
  std::string key;
  int rank = 1;
  Timestamp started{};
};

/// What becomes of a job whose node is taken away.
enum class Displacement { Requeue, Terminate, Finish };

struct ScaleDecision {
  int add = 0;
  /// Without a job: removed at once, or when their setup task has been stopped.
  std::vector<std::string> remove;
  /// With a job: these leave when it is gone.
  std::vector<std::string> leave;
  /// Jobs to be stopped so that their nodes can leave; empty for Displacement::Finish.
  std::vector<std::string> displaced;
  Displacement displacement = Displacement::Requeue;
  /// When an idle node will have been idle for long enough, if that is all there is to wait for.
  std::optional<Timestamp> look_again;
};

/// Largest job that the settings allow for: the manual target or the autoscale maximum.
int scale_limit(const ScaleSettings& settings);

/// What the cluster's size should do now. `settings` has exactly one of its two members.
///
/// A manual target counts every node, unusable ones too, so that a setup that fails does not make nodes for ever.
/// Autoscale grows at once to what running and waiting jobs need, unusable nodes not counted but within its bounds with
/// them; it takes away nodes that had no job for `idle_period`, unusable ones only when there are enough others ready.
/// Nodes above its maximum do not have to wait for that. It never touches a node with a job.
ScaleDecision decide_scale(const std::vector<Node>& nodes, const ScaleSettings& settings,
                           const std::vector<WaitingJob>& waiting, const std::vector<RunningJob>& running,
                           Timestamp now, Duration idle_period);

}  // namespace batchai::server
