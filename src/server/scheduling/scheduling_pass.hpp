#pragma once

#include "server/records/cluster_record.hpp"
#include "server/records/store.hpp"
#include "server/records/usage_limits.hpp"
#include "server/run/node_provider.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace batchai::server {

/// What is to be done outside the store after a pass. All of it follows from the store's state alone, so that a pass
/// after a crash asks for the same again.
struct PassResult {
  /// Key of the job and of its cluster: jobs whose run the engine may not know yet.
  std::vector<std::pair<std::string, std::string>> start;
  /// Runs to be stopped.
  std::vector<std::string> stop;
  /// Ended runs whose outcome is in the store.
  std::vector<std::string> release;
  /// Key of the cluster and id of the node: nodes that are new, or whose setup task the engine may not know yet.
  std::vector<std::pair<std::string, std::string>> prepare;
  /// Nodes that are gone: their folders go too.
  std::vector<RetiredNode> retire;
  /// Whether there was more to do than one pass should, and another one is to follow at once.
  bool more = false;
  /// By key of each cluster that was looked at: when a pass has something to do there even if nothing else happens.
  std::map<std::string, std::optional<Timestamp>> look_again;
};

using Outcomes = std::map<std::string, RunOutcome>;

struct PassOptions {
  const NodeProvider& provider;
  /// How long autoscale leaves a node idle before it takes it away.
  Duration idle_period{};
  UsageLimits limits = {};
  /// Whether queued jobs get nodes now.
  bool starts_jobs = true;
  /// Whether to look at every cluster. Otherwise at those only in which something has changed since the last pass,
  /// where a run of a job has ended or has got further, and at `due`; a setup task that has ended may be anywhere.
  bool all_clusters = true;
  /// Keys of clusters.
  std::set<std::string, std::less<>> due = {};
  /// Of runs that go on and stand otherwise than at the last pass.
  std::map<std::string, RunProgress> progress = {};
};

/// One pass of the scheduler over the store: applies outcomes of runs, completes what is created or deleted, sizes the
/// clusters and gives nodes to jobs.
PassResult run_scheduling_pass(Transaction& transaction, const Outcomes& outcomes, Timestamp now,
                               const PassOptions& options);

/// Runs that may have ended without the engine having said so: those that it is known to have, and those that are to be
/// stopped. A run that was never handed over is unknown to the engine, which calls it Lost. That is right for one that
/// is to be stopped, but not for one that is about to be started. Only inside Store::write.
std::vector<std::string> awaited_runs(Transaction& transaction);

class JobRecord;

enum class NodesAfterJob { Free, Lost };

/// A job on nodes of `cluster` has ended (`job` says how, and is not saved yet): frees its nodes, or removes them if
/// they were lost with it, and writes it, notes its run for release, and erases it if it was marked for deletion. The
/// cluster is to be saved by the caller.
void finish_job(Transaction& transaction, ClusterRecord& cluster, JobRecord& job, const std::string& run_id,
                Timestamp now, NodesAfterJob nodes = NodesAfterJob::Free);

/// A run that has ended and whose outcome is in the store: its records can be removed.
void note_release(Transaction& transaction, const std::string& run_id);

/// The run's records are gone.
void forget_released(Transaction& transaction, const std::string& run_id);

}  // namespace batchai::server
