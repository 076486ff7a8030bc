#pragma once

#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "server/planning/job_plan.hpp"
#include "server/records/job_record.hpp"
#include "server/records/node.hpp"
#include "server/run/node_provider.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace batchai::server {

/// What plans need of a node of the cluster `cluster_uuid`.
JobNode job_node(const Node& node, const std::string& cluster_uuid, std::string_view vm_size,
                 const NodeProvider& provider);

/// What a stored job is planned from. Keeps the models that the input refers to.
class LoadedJob {
 public:
  LoadedJob(const JobRecord& job, AccountResolver accounts);
  LoadedJob(const LoadedJob&) = delete;
  LoadedJob& operator=(const LoadedJob&) = delete;

  /// Valid as long as this object. `nodes` may be empty where only locations are needed.
  JobPlanInput input(std::vector<JobNode> nodes = {}) const;
  /// A node of the job's cluster.
  JobNode node(const Node& node, const NodeProvider& provider) const;

 private:
  Job job_;
  Cluster cluster_;
  std::string cluster_uuid_;
  std::string output_uuid_;
  std::string run_id_;
  AccountResolver accounts_;
};

}  // namespace batchai::server
