#include "server/scheduling/node_setup.hpp"

#include "core/random.hpp"

#include <utility>

namespace batchai::server {

namespace {

using Kind = RunOutcome::Kind;

// How often a lost setup task is started again. If its supervisor is lost again and again, the task itself is at fault.
constexpr int kMaximumRestarts = 3;

BatchAiError setup_error(const Node& node, const std::string& what, const RunOutcome& outcome) {
  BatchAiError error{"NodeSetupFailed", "The setup task " + what};
  error.details.push_back({"nodeId", node.id});
  if (outcome.exit_code) {
    error.details.push_back({"exitCode", std::to_string(*outcome.exit_code)});
  }
  if ((outcome.kind == Kind::NotStarted || outcome.kind == Kind::OverLimit) && !outcome.message.empty()) {
    error.details.push_back({"Info", outcome.message});
  }
  return error;
}

void run_again_or_fail(Node& node, const RunOutcome& outcome, Timestamp now) {
  if (++node.setup_losses > kMaximumRestarts) {
    make_unusable(node, setup_error(node, "was lost " + std::to_string(node.setup_losses) + " times", outcome), now);
    return;
  }
  set_up_again(node);
}

void end_setup(Node& node, const RunOutcome& outcome, Timestamp now) {
  switch (outcome.kind) {
    case Kind::Exited:
    case Kind::PreparationFailed:
      if (outcome.exit_code.value_or(0) == 0) {
        make_idle(node, now);
      } else {
        make_unusable(node, setup_error(node, "failed with non-zero exit code", outcome), now);
      }
      return;
    case Kind::NotStarted:
    case Kind::NoContainer:
      make_unusable(node, setup_error(node, "could not be started", outcome), now);
      return;
    case Kind::TimedOut:
      make_unusable(node, setup_error(node, "was stopped", outcome), now);
      return;
    case Kind::OverLimit:
      make_unusable(node, setup_error(node, "was ended", outcome), now);
      return;
    case Kind::Stopped:  // not by the service, or the node would be leaving: the machine was shut down
    case Kind::Cancelled:
    case Kind::Lost:
      run_again_or_fail(node, outcome, now);
      return;
    case Kind::Busy:
      set_up_again(node);
      return;
  }
}

void leave_preparation(Node& node, Node::State state, Timestamp now) {
  node.state = state;
  node.setup_run.clear();
  node.setup_handed_over = false;
  node.idle_since = now;
}

}  // namespace

void make_idle(Node& node, Timestamp now) { leave_preparation(node, Node::State::Idle, now); }

void make_unusable(Node& node, BatchAiError error, Timestamp now) {
  leave_preparation(node, Node::State::Unusable, now);
  node.error = std::move(error);
}

void set_up_again(Node& node) {
  node.setup_run = "setup-" + random_guid();
  node.setup_handed_over = false;
}

std::vector<std::string> end_setups(ClusterRecord& cluster, const Outcomes& outcomes, Timestamp now) {
  std::vector<std::string> ended;
  std::vector<std::string> gone;
  for (auto& node : cluster.nodes) {
    const auto found = outcomes.find(node.setup_run);
    if (node.setup_run.empty() || found == outcomes.end()) {
      continue;
    }
    ended.push_back(node.setup_run);
    if (node.state == Node::State::Leaving) {
      node.setup_run.clear();
      gone.push_back(node.id);
    } else {
      end_setup(node, found->second, now);
    }
  }
  for (const auto& id : gone) {
    cluster.remove_node(id);
  }
  return ended;
}

}  // namespace batchai::server
