#pragma once

#include "server/planning/toolkits/toolkit.hpp"

namespace batchai::server {

/// All toolkits, in the order in which messages name them.
const std::vector<Toolkit>& toolkits();

/// Fills in the defaults of a new job's toolkit. Throws ServiceFault 400 if the job has not exactly one toolkit, or
/// settings that are wrong.
void complete_toolkit(JobCreateParameters& parameters, int gpus_per_node);

/// `cntk`, `tensorflow`, …: which toolkit the (checked) job has.
std::string tool_type(const JobCreateParameters& parameters);

/// What the toolkit of a job runs. Throws JobPlanError if the job has no toolkit.
ToolkitPlan plan_toolkit(const Job& job, const ToolkitContext& context);

}  // namespace batchai::server
