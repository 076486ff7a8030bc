#pragma once

#include "batchai/models/job.hpp"

namespace batchai::server {

/// The part of complete_job that is about the one toolkit.
void complete_toolkit(JobCreateParameters& parameters, int gpus_per_node);

}  // namespace batchai::server
