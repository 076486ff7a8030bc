#pragma once

#include "arm/channel.hpp"
#include "batchai/batchai/jobs.hpp"

namespace batchai::inline v1 {

/// JobsClient::list_all() of a service that has that list. Any other one refuses it.
Pageable<Job> wide_job_list(const Channel& channel, const ListAllJobsOptions& options, const CallContext& context);

}  // namespace batchai::inline v1
