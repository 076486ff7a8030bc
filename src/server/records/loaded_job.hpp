#pragma once

#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "server/planning/job_plan.hpp"
#include "server/records/job_record.hpp"
#include "server/records/node.hpp"

#include <filesystem>
#include <vector>

namespace batchai::server {

/// What a stored job is planned from. Keeps the models that the input refers to.
class LoadedJob {
 public:
  LoadedJob(const JobRecord& job, AccountResolver accounts);
  LoadedJob(const LoadedJob&) = delete;
  LoadedJob& operator=(const LoadedJob&) = delete;

  /// Valid as long as this object. `nodes` may be empty where only places are asked for.
  JobPlanInput input(std::vector<JobNode> nodes = {}) const;
  /// A node of the job's cluster, with its folder `DIR/nodes/<cluster uuid>/<node id>`.
  JobNode node(const Node& node, const std::filesystem::path& data_folder, int machine_gpus) const;

 private:
  Job job_;
  Cluster cluster_;
  std::string cluster_uuid_;
  std::string output_uuid_;
  std::string run_id_;
  AccountResolver accounts_;
};

}  // namespace batchai::server
