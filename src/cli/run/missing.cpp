#include "cli/run/missing.hpp"

#include "batchai/arm/client.hpp"
#include "batchai/batchai/client.hpp"
#include "batchai/core/http.hpp"
#include "cli/app/services.hpp"
#include "cli/files/storage.hpp"
#include "cli/requests/job_request.hpp"
#include "core/locked_file.hpp"
#include "core/private_file.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fcntl.h>

namespace batchai::cli {
namespace {

/// What `get` finds; nothing for 404.
template <class Get>
auto found_by(const Get& get) -> std::optional<decltype(get())> {
  try {
    return get();
  } catch (const ServiceError& error) {
    if (error.status() != 404) {
      throw;
    }
    return std::nullopt;
  }
}

using Words = std::vector<std::string>;

Words joined_words(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::optional<Workspace> find_workspace_of(const RunPlace& place, const Context& context) {
  return found_by(
      [&] { return context.services.batchai().workspaces().get(place.group, place.workspace, context.call()); });
}

std::optional<Cluster> find_cluster_of(const RunPlace& place, const Context& context) {
  if (place.has_cluster_id()) {
    return get_cluster(place.cluster, place.group, place.workspace, context);  // none is made by its id
  }
  return found_by([&] {
    return context.services.batchai().clusters().get(place.group, place.workspace, place.cluster, context.call());
  });
}

std::optional<Experiment> find_experiment_of(const RunPlace& place, const Context& context) {
  return found_by([&] {
    return context.services.batchai().experiments().get(place.group, place.workspace, place.experiment, context.call());
  });
}

void check_size(const Cluster& cluster, const Arguments& arguments) {
  if (arguments.given("vm-size") && !iequals(arguments.get("vm-size"), cluster.vm_size)) {
    throw UsageError(
        "-s/--vm-size: the cluster '" + cluster.name + "' is there already, with nodes of " + cluster.vm_size,
        "leave one of -s and -c out, or name a cluster that is to be made with -c");
  }
}

/// Of a cluster as it is now; nothing where it may have the nodes, or is not for a run to change.
std::optional<Step> growth_of(const Cluster& cluster, const RunPlace& place, int nodes) {
  const auto scale = cluster.scale_settings ? cluster.scale_settings->auto_scale : std::nullopt;
  if (!scale || scale->maximum_node_count >= nodes || !place.is_own_cluster) {
    return std::nullopt;  // a job that waits says for what
  }
  const Words words = {"-n",    place.cluster,         "--min", std::to_string(scale->minimum_node_count),
                       "--max", std::to_string(nodes), "-o",    "none"};
  return Step{.words = joined_words(joined_words({"cluster", "auto-scale"}, place.in_workspace()), words),
              .notice = "allowing the cluster '" + place.cluster + "' " + std::to_string(nodes) + " nodes"};
}

/// Keeps other runs of this user out as long as it is open. One that keeps it for long, as one that is suspended does,
/// is not waited for; and without a folder that can be written to nobody is kept out. Throws as Context::pause().
Descriptor lock_clusters(const Context& context) {
  constexpr std::chrono::seconds kLongestWait{10};
  constexpr std::chrono::milliseconds kBetweenTries{100};
  const ConfigPaths* paths = context.settings.find_paths();
  if (paths == nullptr) {
    return {};
  }
  const std::filesystem::path file = paths->token_cache.parent_path() / "clusters.lock";
  try {
    make_private_folder(file.parent_path());
  } catch (const std::system_error&) {
    return {};
  }
  const auto end = context.clock().steady_now() + kLongestWait;
  Descriptor lock = open_locked(AT_FDCWD, file, 0, 0600);
  while (!lock && errno == EWOULDBLOCK && context.clock().steady_now() < end) {
    context.pause(kBetweenTries);
    lock = open_locked(AT_FDCWD, file, 0, 0600);
  }
  return lock;
}

/// Looks for the parts of a place, from the innermost outwards: where they are there, the rest is.
class MissingParts {
 public:
  MissingParts(const RunPlace& place, int nodes, const Arguments& arguments, const Context& context)
      : place_(place), nodes_(nodes), arguments_(arguments), context_(context) {}

  Missing find() {
    const std::optional<Cluster> cluster = find_cluster_of(place_, context_);
    const bool has_experiment = find_experiment_of(place_, context_).has_value();
    if (!cluster && !has_experiment) {
      add_group_and_workspace();
    }
    if (!cluster) {
      add_cluster();
    } else {
      check_size(*cluster, arguments_);
      missing_.growth = growth_of(*cluster, place_, nodes_);
    }
    if (!has_experiment) {
      add(joined_words({"experiment", "create"}, joined_words(place_.in_workspace(), {"-n", place_.experiment})),
          "making the experiment '" + place_.experiment + "'",
          [place = place_, &context = context_] { return find_experiment_of(place, context).has_value(); });
    }
    if (!share().exists(context_.call())) {
      add(joined_words({"files", "share", "create", place_.share}, account_words()),
          "making the share '" + place_.share + "'", {});
    }
    return std::move(missing_);
  }

 private:
  files::ShareClient share() const { return open_storage(arguments_, context_).share(place_.share); }
  Words account_words() const {
    return arguments_.given("account-name") ? Words{"--account-name", place_.account} : Words{};
  }

  void add(Words words, std::string notice, std::function<bool()> is_made) {
    words.insert(words.end(), {"-o", "none"});
    missing_.steps.push_back({.words = std::move(words), .notice = std::move(notice), .is_made = std::move(is_made)});
  }

  void add_group_and_workspace() {
    const bool has_group = context_.services.arm().resource_groups().exists(place_.group, context_.call());
    if (!has_group) {
      add({"group", "create", "-n", place_.group, "-l", arguments_.get("location")},
          "making the resource group '" + place_.group + "'", {});
    }
    if (!has_group || !find_workspace_of(place_, context_)) {
      add({"workspace", "create", "-g", place_.group, "-n", place_.workspace},
          "making the workspace '" + place_.workspace + "'",
          [place = place_, &context = context_] { return find_workspace_of(place, context).has_value(); });
    }
  }

  void add_cluster() {
    const std::string size = arguments_.get("vm-size");
    const std::string most = std::to_string(std::max(nodes_, arguments_.integer("max-nodes").value_or(1)));
    const Words words = {"-n",      place_.cluster,       "-s", size, "--min", "0", "--max", most, "-u",
                         "batchai", "--generate-ssh-keys"};
    add(joined_words(joined_words({"cluster", "create"}, place_.in_workspace()), words),
        "making the cluster '" + place_.cluster + "' of " + size + ", of 0 to " + most +
            (most == "1" ? " node" : " nodes"),
        [place = place_, &arguments = arguments_, &context = context_] {
          const std::optional<Cluster> of_others = find_cluster_of(place, context);
          if (of_others) {
            check_size(*of_others, arguments);
          }
          return of_others.has_value();
        });
  }

  const RunPlace& place_;
  const int nodes_;
  const Arguments& arguments_;
  const Context& context_;
  Missing missing_;
};

}  // namespace

Missing find_missing(const RunPlace& place, int nodes, const Arguments& arguments, const Context& context) {
  return MissingParts(place, nodes, arguments, context).find();
}

void let_grow(const RunPlace& place, int nodes, Context& context) {
  constexpr int kMostTries = 3;  // runs of others, on other machines, may undo it
  const Descriptor lock = lock_clusters(context);
  for (int tries = 0; tries < kMostTries && place.is_own_cluster; ++tries) {
    const std::optional<Cluster> cluster = find_cluster_of(place, context);
    const std::optional<Step> growth = cluster ? growth_of(*cluster, place, nodes) : std::nullopt;
    if (!growth) {
      return;
    }
    do_step(*growth, context);
  }
}

}  // namespace batchai::cli
