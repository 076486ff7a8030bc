#include "batchai/batchai/job_waiting.hpp"
#include "batchai/batchai/jobs.hpp"
#include "batchai/core/error.hpp"
#include "core/signals_blocked.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>

namespace batchai::inline v1 {
namespace {

constexpr unsigned kMostConnections = 64;

/// Submits jobs from several threads.
class SubmissionOfMany {
 public:
  SubmissionOfMany(const JobsClient& client, std::span<const JobSubmission> jobs, const SubmitOptions& options,
                   const CallContext& context)
      : client_(client), jobs_(jobs), options_(options), context_(context) {
    for (const JobSubmission& job : jobs) {
      results_.push_back({.ref = job.ref});
    }
  }

  std::vector<JobResult> run() {
    {
      std::vector<std::jthread> helpers;
      start(helpers, std::min<std::size_t>(options_.max_connections, jobs_.size()));
      work();
    }
    if (end_ != nullptr) {
      std::rethrow_exception(end_);
    }
    return std::move(results_);
  }

 private:
  /// One fewer than `count`: this thread works, too. Where the machine gives no more, there are fewer.
  void start(std::vector<std::jthread>& helpers, std::size_t count) {
    const SignalsBlocked blocked;
    try {
      while (helpers.size() + 1 < count) {
        helpers.emplace_back([this] { work(); });
      }
    } catch (const std::system_error&) {
      return;
    }
  }

  void work() {
    for (std::size_t index = next_++; index < jobs_.size() && !stopped_; index = next_++) {
      try {
        submit(index);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        end_ = std::current_exception();
        stopped_ = true;
      }
    }
  }

  void submit(std::size_t index) {
    const auto& [ref, parameters] = jobs_[index];
    JobResult& result = results_[index];
    try {
      result.job = client_.start_create(ref.group, ref.workspace, ref.experiment, ref.job, parameters, context_)
                       .wait({}, context_);
    } catch (const Cancelled&) {
      throw;
    } catch (const DeadlineExceeded&) {
      throw;
    } catch (const Error&) {
      result.error = std::current_exception();
    }
    if (options_.on_submitted) {
      const std::lock_guard lock(mutex_);
      options_.on_submitted(result);
    }
  }

  const JobsClient& client_;
  std::span<const JobSubmission> jobs_;
  const SubmitOptions& options_;
  const CallContext& context_;
  std::vector<JobResult> results_ = {};
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_ = {};
  std::exception_ptr end_ = {};
};

}  // namespace

std::vector<JobResult> JobsClient::submit_all(std::span<const JobSubmission> jobs, const SubmitOptions& options,
                                              const CallContext& context) const {
  if (options.max_connections == 0 || options.max_connections > kMostConnections) {
    throw InvalidArgument("max_connections has to be from 1 to " + std::to_string(kMostConnections) + ", not " +
                          std::to_string(options.max_connections));
  }
  return SubmissionOfMany(*this, jobs, options, context).run();
}

}  // namespace batchai::inline v1
