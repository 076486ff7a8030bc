#include "server/resources/waiting_reason.hpp"

#include "batchai/core/http.hpp"
#include "batchai/models/cluster.hpp"
#include "models/member_order.hpp"
#include "server/records/cluster_record.hpp"
#include "server/records/request_body.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace batchai::server {

namespace {

using nlohmann::json;
using State = Node::State;

std::string nodes_text(std::int64_t count) { return std::to_string(count) + (count == 1 ? " node" : " nodes"); }

BatchAiError named_reason(std::string code, std::string message, std::int64_t wanted, const std::string& cluster) {
  return {std::move(code), std::move(message), {{"cluster", cluster}, {"nodeCount", std::to_string(wanted)}}};
}

/// What somebody is told who may not see the cluster.
BatchAiError without_cluster(const BatchAiError& reason, std::int64_t wanted) {
  return {reason.code, "The job waits for " + nodes_text(wanted) + " of a cluster that you may not see", {}};
}

}  // namespace

/// What jobs that wait for nodes need to know of their cluster.
struct WaitingReasons::Cluster {
  std::string name;
  /// The most nodes that it may have as it is set up.
  int limit = 0;
  /// Of autoscale.
  std::optional<int> minimum;
  /// How many nodes there are in each state; those that leave are in no other count.
  std::int64_t present = 0;
  std::int64_t preparing = 0;
  std::int64_t unusable = 0;
  std::int64_t free = 0;
  bool jobs_leave = false;
  /// Of the first node that is unusable.
  std::optional<BatchAiError> error;
  std::optional<std::string> quota;
  /// Keys of the jobs that have its nodes.
  std::set<std::string, std::less<>> jobs;
  /// Whether others wait with the one that is asked about. Asked for only where nothing else is in the way: it takes a
  /// while where many do.
  std::function<bool()> others_wait;

  explicit Cluster(const ClusterRecord& record);
  std::optional<BatchAiError> reason(std::int64_t wanted) const;

 private:
  void count(const Node& node);
  BatchAiError too_small(std::int64_t wanted) const;
  BatchAiError broken(std::int64_t wanted) const;
};

WaitingReasons::Cluster::Cluster(const ClusterRecord& record) : name(text_at(record.document().body, "name")) {
  const auto scale = record.scale();
  if (scale.auto_scale) {
    minimum = scale.auto_scale->minimum_node_count;
    limit = scale.auto_scale->maximum_node_count;
  } else if (scale.manual) {
    limit = scale.manual->target_node_count;
  }
  for (const Node& node : record.nodes) {
    count(node);
  }
  const auto& hidden = record.document().hidden;
  if (const auto found = hidden.find("quotaError"); found != hidden.end()) {
    quota = text_at(*found, "message");
  }
}

void WaitingReasons::Cluster::count(const Node& node) {
  if (!node.job.empty()) {
    jobs.insert(node.job);
  }
  if (node.state == State::Leaving) {
    jobs_leave = jobs_leave || !node.job.empty();
    return;
  }
  ++present;
  preparing += node.state == State::Preparing ? 1 : 0;
  free += node.is_free() ? 1 : 0;
  if (node.state == State::Unusable) {
    ++unusable;
    error = error ? error : node.error;
  }
}

BatchAiError WaitingReasons::Cluster::too_small(std::int64_t wanted) const {
  auto result = named_reason("ClusterTooSmall",
                             "The job waits for " + nodes_text(wanted) + ", and the cluster " + name + " may have " +
                                 (limit == 0 ? "none" : std::to_string(limit)),
                             wanted, name);
  if (minimum) {
    result.details.push_back({"minimumNodeCount", std::to_string(*minimum)});
  }
  return result;
}

BatchAiError WaitingReasons::Cluster::broken(std::int64_t wanted) const {
  const std::string which = unusable == present ? (present == 1 ? "the only node of the cluster " + name + " is"
                                                                : "all nodes of the cluster " + name + " are")
                                                : std::to_string(unusable) + " of the " + nodes_text(present) +
                                                      " of the cluster " + name + (unusable == 1 ? " is" : " are");
  const std::string why = error ? ": " + error->code + ": " + error->message : "";
  auto result = named_reason(
      "NodesUnusable", "The job waits for " + nodes_text(wanted) + ", and " + which + " unusable" + why, wanted, name);
  if (error) {
    result.details.push_back({"nodeError", error->code});
  }
  return result;
}

std::optional<BatchAiError> WaitingReasons::Cluster::reason(std::int64_t wanted) const {
  const std::string waits = "The job waits for " + nodes_text(wanted);
  if (wanted > limit) {
    return too_small(wanted);
  }
  const std::int64_t usable = present - unusable;
  if (usable < wanted && unusable > 0 && present >= limit) {
    return broken(wanted);
  }
  if (usable < wanted && quota) {
    return named_reason("CoreQuotaReached", waits + ". " + *quota, wanted, name);
  }
  if (free < wanted && (preparing > 0 || usable < wanted)) {
    const std::string ready = std::to_string(preparing) + " of the " + nodes_text(present) + " of the cluster " + name +
                              (preparing == 1 ? " is" : " are") + " being prepared";
    return named_reason("NodesPreparing",
                        waits + ", and " + (preparing == 0 ? "the cluster " + name + " is getting more" : ready),
                        wanted, name);
  }
  if (jobs_leave) {
    return named_reason("ClusterResizing",
                        waits + ", and the cluster " + name + " is being made smaller: nothing begins there before",
                        wanted, name);
  }
  if (free < wanted) {
    return named_reason("NodesBusy",
                        waits + " that are free together: other jobs have " + std::to_string(usable - free) + " of " +
                            std::to_string(usable),
                        wanted, name);
  }
  // Where it is alone it is about to get its nodes.
  return others_wait() ? std::optional(named_reason("Queued",
                                                    "The job waits for its turn behind others in the queue of " +
                                                        std::string("the cluster ") + name,
                                                    wanted, name))
                       : std::nullopt;
}

WaitingReasons::WaitingReasons(Transaction& transaction, VisibleGroups visible)
    : transaction_(transaction), visible_(std::move(visible)) {}
WaitingReasons::~WaitingReasons() = default;

const WaitingReasons::Cluster* WaitingReasons::cluster(const std::string& key) {
  const auto [found, is_new] = clusters_.try_emplace(key);
  if (is_new) {
    if (auto document = transaction_.get(key); document && !is_deleting(*document)) {
      found->second = std::make_unique<Cluster>(ClusterRecord(std::move(*document)));
      found->second->others_wait = [this, key, running = found->second->jobs.size()] {
        return transaction_.count_active_jobs(key) - static_cast<std::int64_t>(running) > 1;
      };
    }
  }
  return found->second.get();
}

void WaitingReasons::add_to(DocumentText& job) {
  // Quotes in what a user wrote have a backslash before them: this is the member and nothing else.
  constexpr std::string_view kQueued = R"("executionState":"queued")";
  const auto found = job.body.rfind(kQueued);
  if (found == std::string::npos) {
    return;
  }
  const json shown = json::parse(job.body).at("properties");
  if (text_at(shown, "provisioningState") == ProvisioningState::kDeleting) {
    return;
  }
  job.momentary = true;
  // Its run waits in the queue of an engine that says why.
  json reason = shown.value(json::json_pointer("/executionInfo/errors/0"), json());
  if (reason.is_null()) {
    const std::string key = to_lower(text_at(shown.at("cluster"), "id"));
    const Cluster* where = cluster(key);
    if (where == nullptr || where->jobs.contains(job.key)) {
      return;
    }
    const auto wanted = shown.at("nodeCount").get<std::int64_t>();
    const auto computed = where->reason(wanted);
    if (!computed) {
      return;
    }
    reason = model_json(visible_.have(key) ? *computed : without_cluster(*computed, wanted));
  }
  const auto ordered = in_order<BatchAiError>(reason);
  job.body.insert(found + kQueued.size(), R"(,"waitingReason":)" + ordered.dump());
}

}  // namespace batchai::server
