#pragma once

#include "batchai/models/job.hpp"

#include <string>

namespace batchai::server {

/// Checks what a client sends for a new job and writes the defaults into it, as the service shows them afterwards:
/// priority, wall clock time, language type, process counts. `gpus_per_node` bounds TensorFlow's workers. Throws
/// ServiceFault 400 naming the member.
void complete_job(JobCreateParameters& parameters, int gpus_per_node);

}  // namespace batchai::server
