#pragma once

#include "server/records/cluster_record.hpp"
#include "server/records/job_record.hpp"
#include "server/scheduling/scheduler.hpp"
#include "server/scheduling/scheduling_pass.hpp"

#include <optional>
#include <vector>

namespace batchai::server {

/// The scheduler's work on one cluster: completes creations, sizes the cluster, gives nodes to jobs, and dismantles a
/// cluster that is being deleted. Writes what it changed.
class ClusterPass {
 public:
  ClusterPass(Transaction& transaction, Document cluster, Timestamp now, const PassOptions& options)
      : transaction_(transaction),
        cluster_(std::move(cluster)),
        jobs_(active_jobs(transaction, cluster_.key())),
        now_(now),
        options_(options) {}

  /// When another pass has something to do even if nothing else happens.
  std::optional<Timestamp> run();

  /// As it was written.
  const ClusterRecord& cluster() const noexcept { return cluster_; }

 private:
  void complete_creations();
  void dismantle();
  std::optional<Timestamp> schedule();
  std::vector<WaitingJob> waiting() const;
  std::vector<RunningJob> running() const;
  void resize(const ScaleDecision& decision);
  void grow(int wanted);
  void add_nodes(int count);
  void assign(const Assignment& assignment);
  JobRecord& job(const std::string& key);

  Transaction& transaction_;
  ClusterRecord cluster_;
  std::vector<JobRecord> jobs_;
  Timestamp now_;
  const PassOptions& options_;
};

}  // namespace batchai::server
