#pragma once

#include "batchai/models/cluster.hpp"
#include "server/records/node.hpp"
#include "server/records/waiting_job.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The decisions of the scheduler, with nothing but values going in and out.
namespace batchai::server {

struct Assignment {
  /// Sequence of the job.
  std::int64_t job = 0;
  std::vector<std::string> nodes;
};

/// Gives free nodes to waiting jobs: high before normal before low, first in, first out within a priority. The first
/// one that does not fit holds back all behind it, so that it is never overtaken. Jobs larger
/// than `limit`, which the cluster as it is set up can never run, are passed over. Nothing is given away while jobs
/// have to leave their nodes.
std::vector<Assignment> assign_jobs(const std::vector<Node>& nodes, std::vector<WaitingJob> waiting, int limit);

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
