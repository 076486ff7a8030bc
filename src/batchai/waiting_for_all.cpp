#include "batchai/core/error.hpp"
#include "batchai/wide_lists.hpp"
#include "core/growing_interval.hpp"
#include "core/through_outages.hpp"

#include <map>
#include <unordered_set>

namespace batchai::inline v1 {
namespace {

/// From so many jobs of a workspace on a page of a list is less than a look at each.
constexpr std::size_t kManyJobs = 32;
constexpr int kJobsOfAPage = 1'000;
/// Rounds that take longer follow each other with growing pauses, also while jobs end.
constexpr std::chrono::seconds kLongRound{1};

std::string workspace_key(const JobRef& ref) { return to_lower(ref.group + "/" + ref.workspace); }

std::string key_of(const JobRef& ref) {
  return workspace_key(ref) + "/" + to_lower(ref.experiment) + "/" + to_lower(ref.job);
}

/// Empty for an id that is not a job's.
std::string key_of(const Job& job) {
  try {
    return key_of(JobRef::of(job));
  } catch (const InvalidArgument&) {
    return "";
  }
}

/// Looks at many jobs in turn until each is over.
class WaitForAll {
 public:
  WaitForAll(Channel channel, std::span<const JobRef> refs, const JobWaitOptions& options, const CallContext& context)
      : channel_(std::move(channel)),
        jobs_(channel_),
        options_(options),
        context_(context),
        read_(options.outage, context, channel_->client().clock) {
    for (const JobRef& ref : refs) {
      results_.push_back({.ref = ref});
    }
  }

  std::vector<JobResult> run(const std::function<void(const JobResult&)>& on_end) {
    const Clock& clock = *channel_->client().clock;
    GrowingInterval interval(options_.interval);
    std::vector<JobResult*> left;
    for (JobResult& result : results_) {
      left.push_back(&result);
    }
    while (!left.empty()) {
      const auto begun = clock.steady_now();
      const std::size_t before = left.size();
      const std::unordered_set<std::string> active = list_active(left);
      std::erase_if(left,
                    [&](JobResult* result) { return !active.contains(key_of(result->ref)) && look(*result, on_end); });
      if (left.size() != before && clock.steady_now() - begun < kLongRound) {
        interval.restart();
      }
      if (!left.empty()) {
        read_.pause(interval.next());
      }
    }
    return std::move(results_);
  }

 private:
  /// Jobs of one workspace that are not over yet as far as is known.
  struct Awaited {
    ListAllJobsOptions list;
    std::unordered_set<std::string> keys;
  };

  /// Those that lists show as not over. All others have to be looked at.
  std::unordered_set<std::string> list_active(const std::vector<JobResult*>& left) {
    std::unordered_set<std::string> active;
    if (!has_lists_ || left.size() < kManyJobs) {
      return active;
    }
    std::map<std::string, Awaited> workspaces;
    for (const JobResult* result : left) {
      Awaited& awaited = workspaces[workspace_key(result->ref)];
      awaited.list.group = result->ref.group;
      awaited.list.workspace = result->ref.workspace;
      awaited.keys.insert(key_of(result->ref));
    }
    for (auto& [key, awaited] : workspaces) {
      if (awaited.keys.size() >= kManyJobs) {
        list_active(awaited, active);
      }
    }
    return active;
  }

  void list_active(Awaited& awaited, std::unordered_set<std::string>& active) {
    awaited.list.states = {std::string(ExecutionState::kQueued.value()), std::string(ExecutionState::kRunning.value()),
                           std::string(ExecutionState::kTerminating.value())};
    awaited.list.page_size = kJobsOfAPage;
    auto list = wide_job_list(channel_, awaited.list, context_);
    // Where others have many more jobs there, looks at each are less.
    for (std::size_t pages = awaited.keys.size() / kManyJobs; pages > 0; --pages) {
      const auto page = next_page(list);
      if (!page) {
        return;
      }
      for (const Job& job : page->items) {
        note_active(job, awaited, active);
      }
    }
  }

  /// Nothing after the last one.
  std::optional<Page<Job>> next_page(Pageable<Job>& list) {
    try {
      return read_([&] { return list.next_page(); });
    } catch (const ServiceError&) {
    } catch (const InvalidArgument&) {
    }
    has_lists_ = false;  // what is wrong the looks find out
    return std::nullopt;
  }

  void note_active(const Job& job, const Awaited& awaited, std::unordered_set<std::string>& active) const {
    const std::string key = key_of(job);
    if (!is_over(job) && awaited.keys.contains(key) && active.insert(key).second && options_.on_look) {
      options_.on_look(job);
    }
  }

  /// Whether this one has ended.
  bool look(JobResult& result, const std::function<void(const JobResult&)>& on_end) {
    try {
      const JobRef& ref = result.ref;
      Job job = read_([&] { return jobs_.get(ref.group, ref.workspace, ref.experiment, ref.job, context_); });
      if (options_.on_look) {
        options_.on_look(job);
      }
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

  Channel channel_;
  JobsClient jobs_;
  const JobWaitOptions& options_;
  const CallContext& context_;
  ThroughOutages read_;
  std::vector<JobResult> results_ = {};
  /// Whether the service has lists of all jobs of a workspace.
  bool has_lists_ = true;
};

}  // namespace

std::vector<JobResult> JobsClient::wait_all(std::span<const JobRef> jobs,
                                            const std::function<void(const JobResult&)>& on_end,
                                            const JobWaitOptions& options, const CallContext& context) const {
  return WaitForAll(channel_, jobs, options, context).run(on_end);
}

}  // namespace batchai::inline v1
