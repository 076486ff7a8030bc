#include "cli/resources/cluster_wait.hpp"

#include "batchai/batchai/client.hpp"
#include "cli/app/services.hpp"
#include "cli/app/waiting/progress.hpp"
#include "cli/resources/cluster_files.hpp"
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

/// `: CODE: MESSAGE` of the first error, if it can be, of one that is about the limit of cores, or of another.
std::string why_text(const Cluster& cluster, bool of_limit) {
  if (cluster.errors.empty()) {
    return "";
  }
  const auto found = std::find_if(cluster.errors.begin(), cluster.errors.end(), [&](const BatchAiError& error) {
    return (error.code == "CoreQuotaReached") == of_limit;
  });
  const BatchAiError& error = found == cluster.errors.end() ? cluster.errors.front() : *found;
  return ": " + error.code + ": " + error.message;
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

bool warn_of_nodes(const ClusterPlace& place, const Cluster& cluster, const Context& context) {
  const int unusable = cluster.node_state_counts.value_or(NodeStateCounts{}).unusable_node_count;
  const int all = cluster.current_node_count.value_or(unusable);
  const int wanted = wanted_nodes(cluster);
  if (all < wanted) {
    context.warn("the cluster '" + place.cluster + "' has " + (all == 0 ? "none" : std::to_string(all)) + " of its " +
                 std::to_string(wanted) + " nodes" + why_text(cluster, true));
  }
  if (unusable > 0) {
    const std::string which = unusable < all ? std::to_string(unusable) + " of the " + std::to_string(all) + " nodes"
                              : all == 1     ? "the only node"
                                             : "all " + std::to_string(all) + " nodes";
    context.warn(which + " of the cluster '" + place.cluster + "' " + (unusable == 1 ? "is" : "are") + " unusable" +
                 why_text(cluster, false));
  }
  if (all < wanted || unusable > 0) {
    const bool has_logs = unusable > 0 && cluster.node_setup && cluster.node_setup->setup_task;
    context.notice("batchai: hint: see '" +
                   (has_logs ? setup_output_command(place, *cluster.node_setup)
                             : "batchai cluster show " + options_of(place) + " -n " + place.cluster) +
                   "'");
  }
  return unusable < all || wanted + all == 0;
}

}  // namespace batchai::cli
