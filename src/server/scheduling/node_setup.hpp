#pragma once

#include "server/records/cluster_record.hpp"
#include "server/run/engine.hpp"
#include "server/scheduling/scheduling_pass.hpp"

#include <string>
#include <vector>

/// The results of a node's preparation.
namespace batchai::server {

/// The node may take jobs.
void make_idle(Node& node, Timestamp now);

/// The node stays and takes no jobs; `error` is shown among the cluster's errors.
void make_unusable(Node& node, BatchAiError error, Timestamp now);

/// The setup task is to be handed over again, as another run.
void set_up_again(Node& node);

/// Applies the outcomes of setup tasks: nodes become idle or unusable, are removed if they were to leave, or get
/// another run if theirs was lost or could not begin yet. Returns the runs that have ended.
std::vector<std::string> end_setups(ClusterRecord& cluster, const Outcomes& outcomes, Timestamp now);

}  // namespace batchai::server
