#pragma once

#include "batchai/files/transfer_options.hpp"
#include "files/transfer/file_job.hpp"

namespace batchai::inline v1::files {

/// Runs one step with connections and memory of its own. Throws its failure, Cancelled or DeadlineExceeded.
void run_alone(PlannedStep step, const TransferOptions& options, const CallContext& context);

}  // namespace batchai::inline v1::files
