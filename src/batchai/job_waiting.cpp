#include "batchai/batchai/job_waiting.hpp"

#include "arm/channel.hpp"
#include "batchai/batchai/jobs.hpp"
#include "batchai/core/error.hpp"
#include "batchai/models/resource_id.hpp"
#include "core/growing_interval.hpp"
#include "core/through_outages.hpp"

namespace batchai::inline v1 {
namespace {

void tell(const JobWaitOptions& options, const Job& job) {
  if (options.on_look) {
    options.on_look(job);
  }
}

}  // namespace

bool is_over(const Job& job) {
  return job.execution_state == ExecutionState::kSucceeded || job.execution_state == ExecutionState::kFailed;
}

JobRef JobRef::of(const Job& job) {
  const ResourceIdParts id = parse_resource_id(job.id);
  JobRef ref{.group = id.group,
             .workspace = id.find("workspaces"),
             .experiment = id.find("experiments"),
             .job = id.find("jobs")};
  if (ref.group.empty() || ref.workspace.empty() || ref.experiment.empty() || ref.job.empty()) {
    throw InvalidArgument("'" + job.id + "' is not the id of a job");
  }
  return ref;
}

const Job& JobResult::value() const& {
  if (error != nullptr) {
    std::rethrow_exception(error);
  }
  if (!job) {
    throw InvalidArgument("the result of the job '" + ref.job + "' is not known yet");
  }
  return *job;
}

Job JobsClient::wait(const JobRef& job, const JobWaitOptions& options, const CallContext& context) const {
  GrowingInterval interval(options.interval);
  ThroughOutages read(options.outage, context, channel_->client().clock);
  for (JobSnapshot last;;) {
    last = read([&] { return get_next(job.group, job.workspace, job.experiment, job.job, last, context); });
    tell(options, last.job);
    if (is_over(last.job)) {
      return last.job;
    }
    if (!last.has_waited) {
      read.pause(interval.next());
    }
  }
}

}  // namespace batchai::inline v1
