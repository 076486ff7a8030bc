#pragma once

#include "server/records/active_jobs.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/job_record.hpp"
#include "server/scheduling/scheduler.hpp"
#include "server/scheduling/scheduling_pass.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace batchai::server {

/// The scheduler's work on one cluster: applies outcomes of runs, completes creations, sizes the cluster, gives nodes
/// to jobs, and dismantles a cluster that is being deleted. Writes what it changed, and reads only the jobs that it
/// changes.
class ClusterPass {
 public:
  ClusterPass(Transaction& transaction, Document cluster, Timestamp now, const PassOptions& options)
      : transaction_(transaction), cluster_(std::move(cluster)), now_(now), options_(options) {}

  /// When another pass has something to do even if nothing else happens.
  std::optional<Timestamp> run(const Outcomes& outcomes);

  /// As it was written.
  const ClusterRecord& cluster() const noexcept { return cluster_; }
  /// Whether there was more to do than one pass should.
  bool more() const noexcept { return more_; }

 private:
  void take_outcomes(const Outcomes& outcomes);
  void take_progress();
  void show_supply();
  void complete_creations();
  void dismantle();
  std::optional<Timestamp> schedule();
  std::vector<WaitingJob> first_waiting(int largest, std::int64_t nodes) const;
  std::vector<RunningJob> running() const;
  void resize(const ScaleDecision& decision);
  void grow(int wanted);
  void add_nodes(int count);
  void assign(const Assignment& assignment);
  std::vector<const ActiveJob*> busy() const { return transaction_.active_jobs().busy(cluster_.key()); }
  void change_job(std::int64_t sequence, const std::function<void(JobRecord&)>& change);

  Transaction& transaction_;
  ClusterRecord cluster_;
  Timestamp now_;
  const PassOptions& options_;
  bool more_ = false;
};

}  // namespace batchai::server
