#include "batchai/batchai/job_waiting.hpp"

#include "arm/channel.hpp"
#include "batchai/batchai/jobs.hpp"
#include "batchai/core/error.hpp"
#include "batchai/models/resource_id.hpp"
#include "core/growing_interval.hpp"
#include "core/through_outages.hpp"

#include <algorithm>

namespace batchai::inline v1 {
namespace {

void tell(const JobWaitOptions& options, const Job& job) {
  if (options.on_look) {
    options.on_look(job);
  }
}

/// Looks at many jobs in turn until each is over.
class WaitForAll {
 public:
  WaitForAll(const JobsClient& jobs, std::span<const JobRef> refs, const JobWaitOptions& options,
             const CallContext& context, const std::shared_ptr<Clock>& clock)
      : jobs_(jobs), options_(options), context_(context), read_(options.outage, context, clock) {
    for (const JobRef& ref : refs) {
      results_.push_back({.ref = ref});
    }
  }

  std::vector<JobResult> run(const std::function<void(const JobResult&)>& on_end) {
    GrowingInterval interval(options_.interval);
    std::vector<JobResult*> left;
    for (JobResult& result : results_) {
      left.push_back(&result);
    }
    while (!left.empty()) {
      const std::size_t before = left.size();
      std::erase_if(left, [&](JobResult* result) { return look(*result, on_end); });
      if (left.size() != before) {
        interval.restart();
      }
      if (!left.empty()) {
        read_.pause(interval.next());
      }
    }
    return std::move(results_);
  }

 private:
  /// Whether this one has ended.
  bool look(JobResult& result, const std::function<void(const JobResult&)>& on_end) {
    try {
      const JobRef& ref = result.ref;
      Job job = read_([&] { return jobs_.get(ref.group, ref.workspace, ref.experiment, ref.job, context_); });
      tell(options_, job);
      if (!is_over(job)) {
        return false;
      }
      result.job = std::move(job);
    } catch (const ServiceError&) {
      result.error = std::current_exception();
    } catch (const InvalidArgument&) {
      result.error = std::current_exception();
    }
    if (on_end) {
      on_end(result);
    }
    return true;
  }

  const JobsClient& jobs_;
  const JobWaitOptions& options_;
  const CallContext& context_;
  ThroughOutages read_;
  std::vector<JobResult> results_ = {};
};

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

std::vector<JobResult> JobsClient::wait_all(std::span<const JobRef> jobs,
                                            const std::function<void(const JobResult&)>& on_end,
                                            const JobWaitOptions& options, const CallContext& context) const {
  return WaitForAll(*this, jobs, options, context, channel_->client().clock).run(on_end);
}

}  // namespace batchai::inline v1
