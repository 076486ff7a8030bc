#include "server/scheduling/scheduler.hpp"

#include <algorithm>
#include <tuple>

namespace batchai::server {

namespace {

using State = Node::State;

bool stays(const Node& node) { return node.state != State::Leaving; }

int count_staying(const std::vector<Node>& nodes) {
  return static_cast<int>(std::count_if(nodes.begin(), nodes.end(), stays));
}

// Which nodes without a job are removed first: broken ones, those not ready yet, then the one idle for longest.
std::vector<const Node*> spare_nodes(const std::vector<Node>& nodes) {
  std::vector<const Node*> spare;
  for (const auto& node : nodes) {
    if (stays(node) && node.job.empty()) {
      spare.push_back(&node);
    }
  }
  const auto order = [](const Node* node) {
    const int rank = node->state == State::Unusable ? 0 : node->state == State::Preparing ? 1 : 2;
    return std::tuple(rank, node->idle_since.value_or(Timestamp{}));
  };
  std::stable_sort(spare.begin(), spare.end(), [&](const Node* a, const Node* b) { return order(a) < order(b); });
  return spare;
}

Displacement displacement_of(const ManualScaleSettings& settings) {
  if (settings.node_deallocation_option == DeallocationOption::kTerminate) {
    return Displacement::Terminate;
  }
  return settings.node_deallocation_option == DeallocationOption::kWaitForJobCompletion ? Displacement::Finish
                                                                                        : Displacement::Requeue;
}

// The jobs that matter least lose their nodes first: low priority, then started last.
void take_from_jobs(const std::vector<Node>& nodes, std::vector<RunningJob> running, int surplus,
                    ScaleDecision& decision) {
  std::sort(running.begin(), running.end(), [](const RunningJob& a, const RunningJob& b) {
    return std::tuple(-a.rank, b.started, a.key) < std::tuple(-b.rank, a.started, b.key);
  });
  for (const auto& job : running) {
    bool touched = false;
    for (const auto& node : nodes) {
      if (surplus > 0 && stays(node) && node.job == job.key) {
        decision.leave.push_back(node.id);
        touched = true;
        --surplus;
      }
    }
    if (touched && decision.displacement != Displacement::Finish) {
      decision.displaced.push_back(job.key);
    }
  }
}

ScaleDecision scale_to_target(const std::vector<Node>& nodes, const ManualScaleSettings& settings,
                              const std::vector<RunningJob>& running) {
  ScaleDecision decision;
  decision.displacement = displacement_of(settings);
  int surplus = count_staying(nodes) - settings.target_node_count;
  decision.add = std::max(0, -surplus);
  for (const Node* node : spare_nodes(nodes)) {
    if (surplus > 0) {
      decision.remove.push_back(node->id);
      --surplus;
    }
  }
  if (surplus > 0) {
    take_from_jobs(nodes, running, surplus, decision);
  }
  return decision;
}

int autoscale_demand(const std::vector<Node>& nodes, const AutoScaleSettings& settings,
                     const std::vector<WaitingJob>& waiting) {
  std::int64_t demand =
      std::count_if(nodes.begin(), nodes.end(), [](const Node& node) { return stays(node) && !node.job.empty(); });
  for (const auto& job : waiting) {
    // A job that could never run must not keep the cluster at its largest size for ever.
    demand += job.node_count <= settings.maximum_node_count ? job.node_count : 0;
  }
  return static_cast<int>(std::clamp<std::int64_t>(demand, settings.minimum_node_count, settings.maximum_node_count));
}

/// The nodes that autoscale removes. `surplus` of the usable nodes are not needed.
class Shrinking {
 public:
  Shrinking(int surplus, int excess, Timestamp now, Duration idle_period, ScaleDecision& decision)
      : surplus_(surplus), excess_(excess), now_(now), idle_period_(idle_period), decision_(decision) {}

  void consider(const Node& node, bool enough_are_ready) {
    const bool unusable = node.state == State::Unusable;
    if (excess_ <= 0 && (unusable ? !enough_are_ready : surplus_ <= 0)) {
      return;
    }
    const auto due = node.idle_since.value_or(now_) + idle_period_;
    if (excess_ <= 0 && due > now_) {
      decision_.look_again = std::min(decision_.look_again.value_or(due), due);
      return;
    }
    decision_.remove.push_back(node.id);
    --excess_;
    surplus_ -= unusable ? 0 : 1;
  }

 private:
  int surplus_;
  /// Nodes above the maximum.
  int excess_;
  Timestamp now_;
  Duration idle_period_;
  ScaleDecision& decision_;
};

ScaleDecision scale_to_demand(const std::vector<Node>& nodes, const AutoScaleSettings& settings,
                              const std::vector<WaitingJob>& waiting, Timestamp now, Duration idle_period) {
  ScaleDecision decision;
  const auto count = [&](auto&& condition) {
    return static_cast<int>(
        std::count_if(nodes.begin(), nodes.end(), [&](const Node& node) { return stays(node) && condition(node); }));
  };
  const int demand = autoscale_demand(nodes, settings, waiting);
  const int present = count_staying(nodes);
  const int usable = count([](const Node& node) { return node.state != State::Unusable; });
  const int ready = count([](const Node& node) { return node.state == State::Idle || node.state == State::Running; });
  decision.add = std::max(0, std::min(demand - usable, settings.maximum_node_count - present));
  Shrinking shrinking(usable - demand, present - settings.maximum_node_count, now, idle_period, decision);
  for (const Node* node : spare_nodes(nodes)) {
    shrinking.consider(*node, ready >= demand);
  }
  return decision;
}

}  // namespace

std::vector<Assignment> assign_jobs(const std::vector<Node>& nodes, std::vector<WaitingJob> waiting, int limit) {
  std::vector<Assignment> assignments;
  const bool jobs_leave =
      std::any_of(nodes.begin(), nodes.end(), [](const Node& node) { return !stays(node) && !node.job.empty(); });
  if (jobs_leave) {
    return assignments;
  }
  std::vector<std::string> free;
  for (const auto& node : nodes) {
    if (node.is_free()) {
      free.push_back(node.id);
    }
  }
  std::sort(waiting.begin(), waiting.end(), [](const WaitingJob& a, const WaitingJob& b) {
    return std::tuple(a.rank, a.sequence) < std::tuple(b.rank, b.sequence);
  });
  auto next = free.begin();
  for (const auto& job : waiting) {
    if (job.node_count > limit) {
      continue;
    }
    if (job.node_count > free.end() - next) {
      break;
    }
    assignments.push_back({job.sequence, {next, next + job.node_count}});
    next += job.node_count;
  }
  return assignments;
}

int scale_limit(const ScaleSettings& settings) {
  if (settings.manual) {
    return settings.manual->target_node_count;
  }
  return settings.auto_scale ? settings.auto_scale->maximum_node_count : 0;
}

ScaleDecision decide_scale(const std::vector<Node>& nodes, const ScaleSettings& settings,
                           const std::vector<WaitingJob>& waiting, const std::vector<RunningJob>& running,
                           Timestamp now, Duration idle_period) {
  if (settings.auto_scale) {
    return scale_to_demand(nodes, *settings.auto_scale, waiting, now, idle_period);
  }
  return scale_to_target(nodes, settings.manual.value_or(ManualScaleSettings{}), running);
}

}  // namespace batchai::server
