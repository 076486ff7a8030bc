#pragma once

#include "batchai/models/job.hpp"

#include <string>

namespace batchai::cli {

/// What a queued job waits for and the command that helps, where the service says so: `The job waits for 5 nodes, and
/// the cluster c may have 1: batchai cluster resize …`. Empty where it does not.
std::string waiting_text(const Job& job);

/// Whether the job waits for something that does not come by itself.
bool waits_in_vain(const Job& job);

}  // namespace batchai::cli
