#include "support/service_fixture.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using namespace std::chrono_literals;
using Kind = RunOutcome::Kind;

/// With an engine that chooses machines when runs begin, and has a queue of its own.
class LateMachinesTest : public ::testing::Test, protected ServiceFixture {
 protected:
  LateMachinesTest() { provider.late = true; }

  void start_job() {
    create_cluster_from("c", cluster_body(manual(1)));
    create_job("j", job_body());
    settle();
  }
  std::string run() const { return engine.runs.begin()->first; }
};

TEST_F(LateMachinesTest, AJobIsQueuedUntilItsRunBegins) {
  start_job();
  ASSERT_EQ(engine.runs.size(), 1U);
  EXPECT_EQ(state("j"), "queued");
  engine.note(run(), {.waits = true, .reason = "Resources"});
  settle();
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["code"], "Resources");
  EXPECT_EQ(count("c", "idle"), 1);
  engine.note(run(), {.started = clock.now()});
  settle();
  EXPECT_EQ(state("j"), "running");
  EXPECT_FALSE(job("j")["executionInfo"].contains("errors"));
  EXPECT_EQ(count("c", "running"), 1);
  engine.end(run(), {.kind = Kind::Exited, .exit_code = 0, .ended = clock.now()});
  settle();
  EXPECT_EQ(state("j"), "succeeded");
}

TEST_F(LateMachinesTest, AJobThatWaitsInTheEngineIsNotGivenNodesAgainAndCanBeTerminated) {
  start_job();
  engine.note(run(), {.waits = true, .reason = "Priority"});
  create_job("next", job_body());
  settle();
  EXPECT_EQ(engine.runs.size(), 1U) << "its node is taken";
  jobs.terminate({exp, "j"});
  settle();
  EXPECT_TRUE(engine.runs.at(run()).stop_requested);
}

TEST_F(LateMachinesTest, AJobThatAnOperatorCancelsHasFailed) {
  start_job();
  engine.end(run(), {.kind = Kind::Cancelled, .ended = clock.now(), .message = "cancelled"});
  settle();
  EXPECT_EQ(state("j"), "failed");
  EXPECT_EQ(job("j")["executionInfo"]["errors"][0]["code"], "JobTerminated");
}

TEST_F(LateMachinesTest, TooFewMachinesMakeNodesUnusable) {
  create_cluster_from("c", cluster_body(manual(3)));
  settle();
  provider.machines = NodeSupply{.nodes = 2, .unusable = {{"n3", "drained: fan"}}};
  engine.note_nodes();
  settle();
  EXPECT_EQ(count("c", "unusable"), 1);
  EXPECT_EQ(count("c", "idle"), 2);
  EXPECT_EQ(cluster("c")["errors"][0]["code"], "NodeUnusable");
  provider.machines = NodeSupply{.nodes = 3};
  engine.note_nodes();
  settle();
  EXPECT_EQ(count("c", "idle"), 3);
  EXPECT_FALSE(cluster("c").contains("errors"));
}

}  // namespace
}  // namespace batchai::server::test
