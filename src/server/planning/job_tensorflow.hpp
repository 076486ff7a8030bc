#pragma once

#include "batchai/models/toolkits.hpp"
#include "server/planning/job_toolkits.hpp"

namespace batchai::server {

/// Roles, ports and variables of a TensorFlow job, of one process or distributed.
ToolkitPlan plan_tensorflow(const TensorFlowSettings& settings, const ToolkitContext& context);

}  // namespace batchai::server
