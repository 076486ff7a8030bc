#include "cli/resources/cluster_wait.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/progress.hpp"
#include "core/growing_interval.hpp"

#include <algorithm>

namespace batchai::cli {
namespace {

std::string options_of(const ClusterPlace& place) { return "-g " + place.group + " -w " + place.workspace; }

/// How many nodes it is to have before any job asks for one.
std::int32_t wanted_nodes(const Cluster& cluster) {
  const ScaleSettings scale = cluster.scale_settings.value_or(ScaleSettings{});
  if (scale.auto_scale) {
    return std::max(scale.auto_scale->minimum_node_count, scale.auto_scale->initial_node_count.value_or(0));
  }
  return scale.manual ? scale.manual->target_node_count : 0;
}

bool has_its_nodes(const Cluster& cluster) {
  const NodeStateCounts counts = cluster.node_state_counts.value_or(NodeStateCounts{});
  const bool complete = cluster.current_node_count.value_or(0) >= wanted_nodes(cluster) || !cluster.errors.empty();
  return cluster.provisioning_state == ProvisioningState::kFailed ||
         (cluster.allocation_state == AllocationState::kSteady && complete && counts.preparing_node_count == 0);
}

std::string nodes_state(const Cluster& cluster) {
  const NodeStateCounts counts = cluster.node_state_counts.value_or(NodeStateCounts{});
  return std::to_string(counts.idle_node_count + counts.running_node_count) + " of " +
         std::to_string(wanted_nodes(cluster)) + " ready";
}

}  // namespace

Cluster wait_for_nodes(const ClusterPlace& place, const Context& context) {
  const std::string what = "the nodes of the cluster '" + place.cluster + "'";
  const std::string hint = "see 'batchai cluster show " + options_of(place) + " -n " + place.cluster + "'";
  Progress progress(context, "waiting for " + what);
  GrowingInterval interval(std::nullopt);
  try {
    for (;;) {
      Cluster cluster =
          context.services.batchai().clusters().get(place.group, place.workspace, place.cluster, context.call());
      if (has_its_nodes(cluster)) {
        return cluster;
      }
      progress.show(nodes_state(cluster));
      context.pause(interval.next());
    }
  } catch (const Cancelled&) {
    throw Interrupted("interrupted; " + what + " are prepared all the same", hint);
  } catch (const GaveUp&) {
    throw CommandError(
        kFailed, "gave up waiting for " + what + " " + context.after_timeout() + "; they are prepared all the same",
        hint);
  }
}

bool warn_of_unusable_nodes(const ClusterPlace& place, const Cluster& cluster, const Context& context) {
  const int unusable = cluster.node_state_counts.value_or(NodeStateCounts{}).unusable_node_count;
  const int all = cluster.current_node_count.value_or(unusable);
  if (unusable == 0) {
    return false;
  }
  const std::string which = unusable < all ? std::to_string(unusable) + " of the " + std::to_string(all) + " nodes"
                            : all == 1     ? "the only node"
                                           : "all " + std::to_string(all) + " nodes";
  const std::string why =
      cluster.errors.empty() ? "" : ": " + cluster.errors.front().code + ": " + cluster.errors.front().message;
  const bool has_task = cluster.node_setup && cluster.node_setup->setup_task;
  context.warn(which + " of the cluster '" + place.cluster + "' " + (unusable == 1 ? "is" : "are") + " unusable" + why);
  context.notice("batchai: hint: see 'batchai cluster " +
                 (has_task ? "node logs " + options_of(place) + " -c " : "show " + options_of(place) + " -n ") +
                 place.cluster + "'");
  return unusable >= all;
}

}  // namespace batchai::cli
