#include "batchai/wide_lists.hpp"

#include "batchai/batchai/clusters.hpp"
#include "batchai/batchai/experiments.hpp"
#include "batchai/batchai/workspaces.hpp"
#include "batchai/models/resource_id.hpp"
#include "batchai/paths.hpp"
#include "core/joined.hpp"

#include <algorithm>
#include <iterator>

namespace batchai::inline v1 {
namespace {

constexpr int kMissing = 404;

/// What `list` gives; nothing where that of which it is the list has been deleted meanwhile.
template <class List>
auto unless_deleted(const List& list) -> decltype(list().to_vector()) {
  try {
    return list().to_vector();
  } catch (const ServiceError& error) {
    if (error.status() != kMissing) {
      throw;
    }
    return {};
  }
}

bool is_wanted(const Job& job, const ListAllJobsOptions& options) {
  const std::string& state = job.provisioning_state == ProvisioningState::kDeleting ? job.provisioning_state.value()
                                                                                    : job.execution_state.value();
  const bool in_state = options.states.empty() || std::any_of(options.states.begin(), options.states.end(),
                                                              [&](const auto& each) { return iequals(each, state); });
  const bool on_cluster = options.cluster.empty() || (job.cluster && iequals(job.cluster->id, options.cluster));
  const bool is_new = !options.created_since || (job.creation_time && *job.creation_time >= *options.created_since);
  const auto ended = job.execution_info ? job.execution_info->end_time : std::nullopt;
  const bool has_ended = !options.ended_since || (ended && *ended >= *options.ended_since);
  return in_state && on_cluster && is_new && has_ended;
}

void add_jobs_of(const Channel& channel, const std::string& group, const std::string& workspace,
                 const ListAllJobsOptions& options, const CallContext& context, std::vector<Job>& jobs) {
  const ExperimentsClient experiments(channel);
  const JobsClient client(channel);
  for (const Experiment& experiment : unless_deleted([&] { return experiments.list(group, workspace, {}, context); })) {
    for (Job& job : unless_deleted([&] { return client.list(group, workspace, experiment.name, {}, context); })) {
      if (is_wanted(job, options)) {
        jobs.push_back(std::move(job));
      }
    }
  }
}

std::vector<Job> jobs_one_by_one(const Channel& channel, const ListAllJobsOptions& options,
                                 const CallContext& context) {
  std::vector<Job> jobs;
  if (!options.workspace.empty()) {
    static_cast<void>(WorkspacesClient(channel).get(options.group, options.workspace, context));  // it is there
    add_jobs_of(channel, options.group, options.workspace, options, context, jobs);
  } else {
    for (const Workspace& workspace : WorkspacesClient(channel).list({}, context)) {
      add_jobs_of(channel, parse_resource_id(workspace.id).group, workspace.name, options, context, jobs);
    }
  }
  std::stable_sort(jobs.begin(), jobs.end(),
                   [](const Job& one, const Job& other) { return one.creation_time > other.creation_time; });
  return jobs;
}

std::vector<Cluster> clusters_one_by_one(const Channel& channel, const CallContext& context) {
  std::vector<Cluster> clusters;
  for (const Workspace& workspace : WorkspacesClient(channel).list({}, context)) {
    const std::string group = parse_resource_id(workspace.id).group;
    auto found = unless_deleted([&] { return ClustersClient(channel).list(group, workspace.name, {}, context); });
    clusters.insert(clusters.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return clusters;
}

Url all_jobs_url(const Channel& channel, const ListAllJobsOptions& options) {
  if (options.group.empty() != options.workspace.empty()) {
    throw InvalidArgument("the jobs of a workspace need both its group and its name");
  }
  Url url = options.workspace.empty()
                ? channel->subscription_url({"providers", kBatchAiProvider, "jobs"}, kBatchAiVersion)
                : workspace_url(channel, options.group, options.workspace).append_segment("jobs");
  if (!options.cluster.empty()) {
    url.add_query("cluster", options.cluster);
  }
  if (!options.states.empty()) {
    url.add_query("executionState", joined(options.states, ","));
  }
  if (options.created_since) {
    url.add_query("createdSince", format_iso8601_ticks(*options.created_since));
  }
  if (options.ended_since) {
    url.add_query("endedSince", format_iso8601_ticks(*options.ended_since));
  }
  add_page_size(url, options.page_size);
  return url;
}

bool has_no_such_list(const ServiceError& error) {
  return error.code() == "InvalidResourceType" || error.code() == "NoRegisteredProviderFound";
}

/// The list at `url`, which batchai-server has and Batch AI 2018-05-01 has not; what `by_hand` gives, as one page,
/// where the service does not have it.
template <class T, class ByHand>
Pageable<T> wide_list(const Channel& channel, Url url, const CallContext& context, ByHand by_hand) {
  return Pageable<T>([channel, first = make_request("GET", std::move(url)), context,
                      by_hand = std::move(by_hand)](const std::string& link) {
    try {
      return parse_page<T>(channel->fetch(link.empty() ? first : channel->next_page(link), context), kAnswer);
    } catch (const ServiceError& error) {
      if (!link.empty() || !has_no_such_list(error)) {
        throw;
      }
    }
    return Page<T>{.items = by_hand()};
  });
}

}  // namespace

Pageable<Job> wide_job_list(const Channel& channel, const ListAllJobsOptions& options, const CallContext& context) {
  return list<Job>(channel, make_request("GET", all_jobs_url(channel, options)), context);
}

Pageable<Job> JobsClient::list_all(const ListAllJobsOptions& options, const CallContext& context) const {
  return wide_list<Job>(channel_, all_jobs_url(channel_, options), context,
                        [channel = channel_, options, context] { return jobs_one_by_one(channel, options, context); });
}

Pageable<Cluster> ClustersClient::list_all(const ListOptions& options, const CallContext& context) const {
  Url url = channel_->subscription_url({"providers", kBatchAiProvider, "clusters"}, kBatchAiVersion);
  add_page_size(url, options.page_size);
  return wide_list<Cluster>(channel_, std::move(url), context,
                            [channel = channel_, context] { return clusters_one_by_one(channel, context); });
}

}  // namespace batchai::inline v1
