#pragma once

#include "batchai/core/time.hpp"
#include "batchai/models/cluster.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The decisions of the scheduler, with nothing but values going in and out.
namespace batchai::server {

/// A node of a cluster.
struct Node {
  /// `preparing` and `unusable` nodes take no jobs; a `leaving` one is removed as soon as it has no job.
  enum class State { Preparing, Idle, Running, Leaving, Unusable };

  std::string id;
  std::string address;
  State state = State::Preparing;
  /// Key of the job on it, empty if there is none.
  std::string job = {};
  /// Since when it has had no job.
  std::optional<Timestamp> idle_since = {};

  bool is_free() const noexcept { return state == State::Idle && job.empty(); }
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
/// than `limit`, which the cluster as it is set up can never run, are passed over. Nothing is given away while nodes
/// leave.
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
  /// Without a job: removed at once.
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

/// What the cluster's size should do now. `settings` has exactly one of its two members. Autoscale grows at once to
/// what running and waiting jobs need, within its bounds, and takes away nodes that were idle for `idle_period`; it
/// never touches a node with a job.
ScaleDecision decide_scale(const std::vector<Node>& nodes, const ScaleSettings& settings,
                           const std::vector<WaitingJob>& waiting, const std::vector<RunningJob>& running,
                           Timestamp now, Duration idle_period);

}  // namespace batchai::server
