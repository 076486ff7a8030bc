#pragma once

#include "server/planning/job_plan.hpp"
#include "server/planning/node_plan.hpp"

#include <string_view>

/// Plans of which nothing is run: what a person sees who signs in to a node. The only process of each has the
/// variables, and the node, of that person.
namespace batchai::server {

/// As the processes of the job see the node with this id, which is one of its nodes. Throws as plan_job() does.
RunPlan plan_login(const JobPlanInput& input, std::string_view node_id);

/// As a setup task of the cluster would see the node, whether there is one or not, but for its variables. Throws as
/// plan_node() does.
RunPlan plan_login(const NodePlanInput& input);

}  // namespace batchai::server
