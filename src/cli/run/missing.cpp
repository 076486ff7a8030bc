#include "cli/run/missing.hpp"

#include "batchai/arm/client.hpp"
#include "batchai/batchai/client.hpp"
#include "batchai/core/http.hpp"
#include "cli/app/services.hpp"
#include "cli/files/storage.hpp"

#include <algorithm>

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
  return found_by([&] {
    return context.services.batchai().clusters().get(place.group, place.workspace, place.cluster, context.call());
  });
}

std::optional<Experiment> find_experiment_of(const RunPlace& place, const Context& context) {
  return found_by([&] {
    return context.services.batchai().experiments().get(place.group, place.workspace, place.experiment, context.call());
  });
}

/// Looks for the parts of a place, from the innermost outwards: where they are there, the rest is.
class MissingParts {
 public:
  MissingParts(const RunPlace& place, int nodes, const Arguments& arguments, const Context& context)
      : place_(place), nodes_(nodes), arguments_(arguments), context_(context) {}

  std::vector<Step> steps() {
    const std::optional<Cluster> cluster = find_cluster_of(place_, context_);
    const bool has_experiment = find_experiment_of(place_, context_).has_value();
    if (!cluster && !has_experiment) {
      add_group_and_workspace();
    }
    if (!cluster) {
      add_cluster();
    } else {
      check_size(*cluster);
      let_grow(*cluster);
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
    return std::move(steps_);
  }

 private:
  files::ShareClient share() const { return open_storage(arguments_, context_).share(place_.share); }
  Words account_words() const {
    return arguments_.given("account-name") ? Words{"--account-name", place_.account} : Words{};
  }

  void add(Words words, std::string notice, std::function<bool()> is_made) {
    words.insert(words.end(), {"-o", "none"});
    steps_.push_back({.words = std::move(words), .notice = std::move(notice), .is_made = std::move(is_made)});
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
        [place = place_, &context = context_] { return find_cluster_of(place, context).has_value(); });
  }

  void check_size(const Cluster& cluster) const {
    if (arguments_.given("vm-size") && !iequals(arguments_.get("vm-size"), cluster.vm_size)) {
      throw UsageError(
          "-s/--vm-size: the cluster '" + place_.cluster + "' is there already, with nodes of " + cluster.vm_size,
          "leave one of -s and -c out, or name a cluster that is to be made with -c");
    }
  }

  void let_grow(const Cluster& cluster) {
    const auto scale = cluster.scale_settings ? cluster.scale_settings->auto_scale : std::nullopt;
    if (!scale || scale->maximum_node_count >= nodes_ || arguments_.given("cluster")) {
      return;  // a job that waits says for what
    }
    const Words words = {"-n",    place_.cluster,        "--min", std::to_string(scale->minimum_node_count),
                         "--max", std::to_string(nodes_)};
    add(joined_words(joined_words({"cluster", "auto-scale"}, place_.in_workspace()), words),
        "allowing the cluster '" + place_.cluster + "' " + std::to_string(nodes_) + " nodes", {});
  }

  const RunPlace& place_;
  const int nodes_;
  const Arguments& arguments_;
  const Context& context_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> missing_steps(const RunPlace& place, int nodes, const Arguments& arguments, const Context& context) {
  return MissingParts(place, nodes, arguments, context).steps();
}

}  // namespace batchai::cli
