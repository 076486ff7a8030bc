#include "cli/jobs/list.hpp"

#include "batchai/batchai/client.hpp"
#include "batchai/core/http.hpp"
#include "batchai/models/resource_id.hpp"
#include "cli/app/options.hpp"
#include "cli/app/services.hpp"
#include "cli/app/since.hpp"
#include "cli/app/waiting/watch.hpp"
#include "cli/jobs/commands.hpp"

#include <algorithm>
#include <sstream>

namespace batchai::cli {
namespace {

/// Of those that --top asks for: roles that may not see all jobs get only a part of each page.
constexpr int kSmallestPage = 100;
constexpr int kLargestPage = 1000;

std::vector<std::string> wanted_states(const Arguments& arguments) {
  std::vector<std::string> states;
  std::istringstream words(arguments.get("state"));
  for (std::string state; std::getline(words, state, ',');) {
    states.push_back(std::move(state));
  }
  return states;
}

std::optional<int> wanted_count(const Arguments& arguments) {
  const std::optional<int> count = arguments.integer("top");
  if (count && *count <= 0) {
    throw UsageError("--top: the number of jobs must be above 0");
  }
  return count;
}

/// The id that --cluster means.
std::string cluster_id_of(const Arguments& arguments, const Context& context) {
  const std::string& name = arguments.get("cluster");
  if (name.empty() || name.starts_with('/')) {
    return name;
  }
  require_group_and_workspace(arguments, "job list", "or give the cluster's full id");
  return make_cluster_id(context.services.subscription(), arguments.get("resource-group"), arguments.get("workspace"),
                         name);
}

ListAllJobsOptions wanted_jobs(const std::string& experiment, const Arguments& arguments, const Context& context) {
  ListAllJobsOptions wanted{.cluster = cluster_id_of(arguments, context), .states = wanted_states(arguments)};
  if (arguments.has("since")) {
    wanted.created_since = moment_of("--since", arguments.get("since"), context.clock().now());
  }
  // The workspace beside --cluster says where that is.
  const bool everywhere = arguments.flag("all") || (!wanted.cluster.empty() && !arguments.given("experiment"));
  if (!everywhere) {
    require_group_and_workspace(arguments, "job list", "or -A/--all for all workspaces");
    wanted.group = arguments.get("resource-group");
    wanted.workspace = arguments.get("workspace");
  }
  if (const std::optional<int> count = wanted_count(arguments); count && experiment.empty()) {
    wanted.page_size = std::clamp(*count, kSmallestPage, kLargestPage);
  }
  return wanted;
}

/// `fetch`, which ends after `count` items.
FetchPage first_of(FetchPage fetch, std::size_t count) {
  return [fetch = std::move(fetch), left = std::make_shared<std::size_t>(count)] {
    ItemPage page = fetch();
    if (page.items.size() >= *left) {
      page.items.erase(page.items.begin() + static_cast<std::ptrdiff_t>(*left), page.items.end());
      page.last = true;
    }
    *left -= page.items.size();
    return page;
  };
}

/// Throws NotFound where the experiment or the cluster of the jobs is not there.
void require_places(const std::string& experiment, const ListAllJobsOptions& wanted, const Client& client,
                    const CallContext& call) {
  try {
    if (!experiment.empty()) {
      static_cast<void>(client.experiments().get(wanted.group, wanted.workspace, experiment, call));
    }
    if (!wanted.cluster.empty()) {
      const ResourceIdParts cluster = parse_resource_id(wanted.cluster);
      static_cast<void>(client.clusters().get(cluster.group, cluster.find("workspaces"), cluster.name(), call));
    }
  } catch (const NotFound&) {
    throw;
  } catch (const ServiceError&) {
    return;  // others' cluster, which has no jobs that this account may see
  }
}

/// `fetch`, which calls `when_empty` at the end of a list without items.
FetchPage checked_if_empty(FetchPage fetch, std::function<void()> when_empty) {
  return [fetch = std::move(fetch), when_empty = std::move(when_empty), empty = true]() mutable {
    ItemPage page = fetch();
    empty = empty && page.items.empty();
    if (empty && page.last) {
      when_empty();
    }
    return page;
  };
}

Result newest_jobs(const std::string& experiment, const Arguments& arguments, Context& context) {
  const ListAllJobsOptions wanted = wanted_jobs(experiment, arguments, context);
  const auto document = [experiment](const Job& job) {
    const bool listed = experiment.empty() || iequals(parse_resource_id(job.id).find("experiments"), experiment);
    return listed ? std::optional<nlohmann::json>(job) : std::nullopt;
  };
  Result result{.type = kJobType,
                .pages = fetch_pages(context.services.batchai().jobs().list_all(wanted, context.call()), document)};
  if (const std::optional<int> count = wanted_count(arguments)) {
    result.pages = first_of(std::move(result.pages), static_cast<std::size_t>(*count));
  }
  result.pages = checked_if_empty(std::move(result.pages),
                                  [experiment, wanted, &client = context.services.batchai(), call = context.call()] {
                                    require_places(experiment, wanted, client, call);
                                  });
  return result;
}

}  // namespace

std::vector<OptionSpec> job_list_options() {
  return {
      optional(group_option()),
      optional(workspace_option()),
      optional(experiment_option()),
      all_option("The jobs of all workspaces, the newest first."),
      {.name = "cluster",
       .short_name = 'c',
       .summary = "Those made for this cluster, from wherever they are; its name or its full id.",
       .value_name = "CLUSTER"},
      {.name = "state",
       .summary = "Those in this state, or in one of several, with commas between them.",
       .value_name = "STATES",
       .choices = {ExecutionState::kQueued, ExecutionState::kRunning, ExecutionState::kTerminating,
                   ExecutionState::kSucceeded, ExecutionState::kFailed, ProvisioningState::kDeleting},
       .several = true},
      {.name = "since",
       .summary = "Those created in the last time, as 30m, 2h or 7d, or since a moment, as 2018-06-21T17:00:00Z.",
       .value_name = "TIME"},
      {.name = "top", .summary = "The newest ones, at most so many.", .kind = OptionKind::Integer, .value_name = "N"}};
}

Result list_jobs(const Arguments& arguments, Context& context) {
  if (arguments.flag("all")) {
    refuse_places_beside_all(arguments);
  }
  const bool wide = arguments.flag("all") || (arguments.has("cluster") && !arguments.given("experiment"));
  const std::string experiment = wide ? "" : arguments.get("experiment");
  const bool chosen =
      wide || arguments.has("cluster") || arguments.has("state") || arguments.has("since") || arguments.has("top");
  if (chosen || experiment.empty()) {
    return newest_jobs(experiment, arguments, context);
  }
  require_group_and_workspace(arguments, "job list", "or -A/--all for all workspaces");
  return Result::list(context.services.batchai().jobs().list(
                          arguments.get("resource-group"), arguments.get("workspace"), experiment, {}, context.call()),
                      kJobType);
}

}  // namespace batchai::cli
