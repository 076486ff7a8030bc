#include "server/scheduling/scheduler.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Timestamp kNow{std::chrono::hours(1000)};

std::vector<Node> idle_nodes(int count) {
  std::vector<Node> nodes;
  for (int i = 1; i <= count; ++i) {
    nodes.push_back({.id = "n" + std::to_string(i), .state = Node::State::Idle, .idle_since = kNow});
  }
  return nodes;
}

std::vector<std::int64_t> jobs_of(const std::vector<Assignment>& assignments) {
  std::vector<std::int64_t> jobs;
  for (const auto& assignment : assignments) {
    jobs.push_back(assignment.job);
  }
  return jobs;
}

ScaleSettings manual(int count, std::string_view option = "requeue") {
  return {.manual = ManualScaleSettings{.target_node_count = count, .node_deallocation_option = option}};
}

ScaleSettings auto_scale(int minimum, int maximum) {
  return {.auto_scale = AutoScaleSettings{.minimum_node_count = minimum, .maximum_node_count = maximum}};
}

TEST(AssignJobs, TakesPrioritiesInOrderAndFirstComeFirst) {
  const std::vector<WaitingJob> waiting = {{2, 1, 1}, {1, 3, 1}, {1, 2, 1}, {0, 9, 1}};
  EXPECT_THAT(jobs_of(assign_jobs(idle_nodes(3), waiting, 3)), ElementsAre(9, 2, 3));
}

TEST(AssignJobs, GivesAllNodesOfAJobTogether) {
  const auto assignments = assign_jobs(idle_nodes(3), {{1, 1, 2}}, 3);
  ASSERT_EQ(assignments.size(), 1U);
  EXPECT_THAT(assignments[0].nodes, ElementsAre("n1", "n2"));
}

TEST(AssignJobs, LetsNobodyPassTheFirstThatDoesNotFit) {
  const std::vector<WaitingJob> waiting = {{1, 1, 3}, {1, 2, 1}, {2, 0, 1}};
  EXPECT_THAT(assign_jobs(idle_nodes(2), waiting, 3), IsEmpty());
}

TEST(AssignJobs, PassesOverWhatTheClusterCanNeverRun) {
  const std::vector<WaitingJob> waiting = {{0, 1, 4}, {1, 2, 1}};
  EXPECT_THAT(jobs_of(assign_jobs(idle_nodes(2), waiting, 3)), ElementsAre(2));
}

TEST(AssignJobs, WaitsWhileNodesLeave) {
  auto nodes = idle_nodes(2);
  nodes.push_back({.id = "n3", .state = Node::State::Leaving, .job = "j"});
  EXPECT_THAT(assign_jobs(nodes, {{1, 1, 1}}, 2), IsEmpty());
}

TEST(AssignJobs, DoesNotWaitForNodesThatOnlyEndTheirSetup) {
  auto nodes = idle_nodes(1);
  nodes.push_back({.id = "n2", .state = Node::State::Leaving, .setup_run = "setup-1"});
  EXPECT_THAT(jobs_of(assign_jobs(nodes, {{1, 1, 1}}, 1)), ElementsAre(1));
}

TEST(AssignJobs, LeavesUnreadyNodesAlone) {
  std::vector<Node> nodes = {{.id = "a", .state = Node::State::Preparing},
                             {.id = "b", .state = Node::State::Unusable},
                             {.id = "c", .state = Node::State::Running, .job = "j"}};
  EXPECT_THAT(assign_jobs(nodes, {{1, 1, 1}}, 3), IsEmpty());
}

TEST(AssignJobs, KeepsItsPromisesForRandomQueues) {
  std::mt19937 random(7);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 5000; ++round) {
    const int free = pick(0, 6);
    std::vector<WaitingJob> waiting;
    for (int i = 0; i < pick(0, 8); ++i) {
      waiting.push_back({pick(0, 2), i, pick(1, 5)});
    }
    const auto assignments = assign_jobs(idle_nodes(free), waiting, 4);
    std::sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
      return std::pair(a.rank, a.sequence) < std::pair(b.rank, b.sequence);
    });
    std::erase_if(waiting, [](const auto& job) { return job.node_count > 4; });
    std::size_t used = 0;
    for (std::size_t i = 0; i < assignments.size(); ++i) {
      ASSERT_EQ(assignments[i].job, waiting[i].sequence);
      ASSERT_EQ(assignments[i].nodes.size(), static_cast<std::size_t>(waiting[i].node_count));
      used += assignments[i].nodes.size();
    }
    ASSERT_LE(used, static_cast<std::size_t>(free));
    if (assignments.size() < waiting.size()) {
      ASSERT_GT(used + static_cast<std::size_t>(waiting[assignments.size()].node_count),
                static_cast<std::size_t>(free));
    }
  }
}

TEST(DecideScale, AddsWhatIsMissing) { EXPECT_EQ(decide_scale(idle_nodes(1), manual(3), {}, {}, kNow, 60s).add, 2); }

TEST(DecideScale, TakesNodesWithoutAJobFirst) {
  auto nodes = idle_nodes(3);
  nodes[0].state = Node::State::Running;
  nodes[0].job = "j";
  nodes[2].state = Node::State::Unusable;
  const auto decision = decide_scale(nodes, manual(1), {}, {{"j", 1, kNow}}, kNow, 60s);
  EXPECT_THAT(decision.remove, ElementsAre("n3", "n2"));
  EXPECT_THAT(decision.leave, IsEmpty());
  EXPECT_THAT(decision.displaced, IsEmpty());
}

TEST(DecideScale, DisplacesTheLeastImportantAndYoungestJobs) {
  auto nodes = idle_nodes(4);
  const std::array<std::string, 4> jobs = {"old", "young", "low", "low"};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].state = Node::State::Running;
    nodes[i].job = jobs.at(i);
  }
  const std::vector<RunningJob> running = {{"old", 1, kNow - 2h}, {"young", 1, kNow - 1h}, {"low", 2, kNow - 3h}};
  const auto decision = decide_scale(nodes, manual(1, "terminate"), {}, running, kNow, 60s);
  EXPECT_THAT(decision.leave, ElementsAre("n3", "n4", "n2"));
  EXPECT_THAT(decision.displaced, ElementsAre("low", "young"));
  EXPECT_EQ(decision.displacement, Displacement::Terminate);
}

TEST(DecideScale, StopsNobodyWhenJobsMayFinish) {
  std::vector<Node> nodes = {{.id = "n1", .state = Node::State::Running, .job = "j"}};
  const auto decision = decide_scale(nodes, manual(0, "waitforjobcompletion"), {}, {{"j", 1, kNow}}, kNow, 60s);
  EXPECT_THAT(decision.leave, ElementsAre("n1"));
  EXPECT_THAT(decision.displaced, IsEmpty());
}

TEST(DecideScale, FollowsDemandWithinItsBounds) {
  const std::vector<WaitingJob> waiting = {{1, 1, 2}, {1, 2, 3}, {1, 3, 9}};
  EXPECT_EQ(decide_scale({}, auto_scale(0, 8), waiting, {}, kNow, 60s).add, 5);
  EXPECT_EQ(decide_scale({}, auto_scale(0, 4), waiting, {}, kNow, 60s).add, 4);
  EXPECT_EQ(decide_scale({}, auto_scale(1, 4), {}, {}, kNow, 60s).add, 1);
  EXPECT_EQ(decide_scale({}, auto_scale(0, 4), {{1, 1, 4}}, {}, kNow, 60s).add, 4);
}

TEST(DecideScale, KeepsWhatIsNeededHoweverLongItWasIdle) {
  auto nodes = idle_nodes(3);
  for (auto& node : nodes) {
    node.idle_since = kNow - 1h;
  }
  EXPECT_EQ(decide_scale(nodes, auto_scale(0, 3), {{1, 1, 2}}, {}, kNow, 60s).remove.size(), 1U);
  EXPECT_EQ(decide_scale(nodes, auto_scale(2, 3), {}, {}, kNow, 60s).remove.size(), 1U);
  EXPECT_THAT(decide_scale(nodes, auto_scale(3, 3), {}, {}, kNow, 60s).remove, IsEmpty());
}

TEST(DecideScale, TakesUnreadyNodesAndThoseIdleForLongestFirst) {
  auto nodes = idle_nodes(3);
  nodes[0].idle_since = kNow - 1s;
  nodes[1].idle_since = kNow - 2s;
  nodes[2].state = Node::State::Preparing;
  EXPECT_THAT(decide_scale(nodes, manual(0), {}, {}, kNow, 60s).remove, ElementsAre("n3", "n2", "n1"));
}

TEST(DecideScale, DisplacesOfJobsStartedTogetherTheSameEveryTime) {
  std::vector<Node> nodes = {{.id = "n1", .state = Node::State::Running, .job = "a"},
                             {.id = "n2", .state = Node::State::Running, .job = "b"}};
  for (const bool swapped : {false, true}) {
    std::vector<RunningJob> running = {{"a", 1, kNow}, {"b", 1, kNow}};
    if (swapped) {
      std::swap(running[0], running[1]);
    }
    EXPECT_THAT(decide_scale(nodes, manual(1), {}, running, kNow, 60s).displaced, ElementsAre("a"));
  }
}

TEST(DecideScale, WaitsForTheIdlePeriod) {
  auto nodes = idle_nodes(2);
  nodes[0].idle_since = kNow - 61s;
  nodes[1].idle_since = kNow - 30s;
  const auto decision = decide_scale(nodes, auto_scale(0, 2), {}, {}, kNow, 60s);
  EXPECT_THAT(decision.remove, ElementsAre("n1"));
  EXPECT_EQ(decision.look_again, kNow + 30s);
}

TEST(DecideScale, TakesNodesAboveTheMaximumAtOnce) {
  const auto decision = decide_scale(idle_nodes(3), auto_scale(0, 2), {}, {}, kNow, 60s);
  EXPECT_THAT(decision.remove, ElementsAre("n1"));
  EXPECT_EQ(decision.look_again, kNow + 60s);
}

TEST(DecideScale, DoesNotCountUnusableNodesButKeepsItsBounds) {
  auto nodes = idle_nodes(1);
  nodes[0].state = Node::State::Unusable;
  const std::vector<WaitingJob> waiting = {{1, 1, 2}};
  EXPECT_EQ(decide_scale(nodes, auto_scale(0, 3), waiting, {}, kNow, 60s).add, 2);
  EXPECT_EQ(decide_scale(nodes, auto_scale(0, 2), waiting, {}, kNow, 60s).add, 1);
  EXPECT_EQ(decide_scale(nodes, manual(2), waiting, {}, kNow, 60s).add, 1) << "a manual target counts them";
}

TEST(DecideScale, KeepsUnusableNodesUntilOthersAreReady) {
  auto nodes = idle_nodes(2);
  nodes[0].state = Node::State::Unusable;
  nodes[0].idle_since = kNow - 2h;
  nodes[1].state = Node::State::Preparing;
  const std::vector<WaitingJob> waiting = {{1, 1, 1}};
  EXPECT_THAT(decide_scale(nodes, auto_scale(0, 2), waiting, {}, kNow, 60s).remove, IsEmpty());
  nodes[1].state = Node::State::Idle;
  EXPECT_THAT(decide_scale(nodes, auto_scale(0, 2), waiting, {}, kNow, 60s).remove, ElementsAre("n1"));
}

}  // namespace
}  // namespace batchai::server::test
