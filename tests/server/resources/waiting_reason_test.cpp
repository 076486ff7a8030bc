#include "support/service_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class WaitingReason : public ::testing::Test, protected ServiceFixture {
 protected:
  json shown(const std::string& name) {
    const json one = json::parse(jobs.text({exp, name}).body).at("properties");
    for (const auto& listed : jobs.list(exp, {}).documents) {
      const json job = json::parse(listed.body);
      if (job.at("name") == name) {
        EXPECT_EQ(job.at("properties"), one);
      }
    }
    return one;
  }
  std::string code(const std::string& name) {
    return shown(name).value(json::json_pointer("/waitingReason/code"), "none");
  }
  std::string message(const std::string& name) {
    return shown(name).value(json::json_pointer("/waitingReason/message"), "none");
  }
};

TEST_F(WaitingReason, IsAClusterThatMayNotHaveSoManyNodes) {
  create_cluster("c", manual(1));
  create_job("j", job_body(5));
  settle();
  EXPECT_EQ(message("j"), "The job waits for 5 nodes, and the cluster c may have 1");
  EXPECT_EQ(shown("j")["waitingReason"], json::parse(R"({
    "code": "ClusterTooSmall",
    "message": "The job waits for 5 nodes, and the cluster c may have 1",
    "details": [{"name": "cluster", "value": "c"}, {"name": "nodeCount", "value": "5"}]})"));
  EXPECT_FALSE(shown("j").contains("executionInfo")) << "which other clients would read";
  resize("c", manual(5));
  EXPECT_EQ(code("j"), "NodesPreparing");
  settle();
  EXPECT_EQ(code("j"), "none");
  EXPECT_EQ(state("j"), "running");
}

TEST_F(WaitingReason, IsAClusterWithoutNodes) {
  create_cluster("c", auto_scale(0, 0));
  create_job("j", job_body(1));
  settle();
  EXPECT_EQ(message("j"), "The job waits for 1 node, and the cluster c may have none");
  EXPECT_EQ(shown("j")["waitingReason"]["details"][2], json({{"name", "minimumNodeCount"}, {"value", "0"}}));
}

TEST_F(WaitingReason, IsNodesThatAreBeingPreparedOrAreUnusable) {
  create_cluster_from("c", cluster_body_with_setup(manual(2)));
  create_job("j", job_body(1));
  settle();
  EXPECT_EQ(message("j"), "The job waits for 1 node, and 2 of the 2 nodes of the cluster c are being prepared");
  end_setups("c", {.kind = RunOutcome::Kind::Exited, .exit_code = 3, .ended = clock.now()});
  settle();
  EXPECT_EQ(code("j"), "NodesUnusable");
  EXPECT_THAT(message("j"), HasSubstr("and all nodes of the cluster c are unusable: NodeSetupFailed: "));
  EXPECT_EQ(shown("j")["waitingReason"]["details"][2], json({{"name", "nodeError"}, {"value", "NodeSetupFailed"}}));
}

TEST_F(WaitingReason, IsOtherJobsAndTheOrderOfTheQueue) {
  create_cluster("c", manual(2));
  create_job("first", job_body(1));
  settle();
  create_job("wide", job_body(2));
  create_job("next", job_body(1));
  settle();
  EXPECT_EQ(message("wide"), "The job waits for 2 nodes that are free together: other jobs have 1 of 2");
  EXPECT_EQ(message("next"), "The job waits for its turn behind others in the queue of the cluster c");
  EXPECT_EQ(code("first"), "none");
  jobs.terminate({exp, "wide"});
  EXPECT_EQ(code("wide"), "none");
}

TEST_F(WaitingReason, IsTheLimitOfCores) {
  limits.dedicated_cores = 6;
  restart();
  create_cluster("c", manual(2));
  create_job("j", job_body(2));
  settle();
  EXPECT_EQ(code("j"), "CoreQuotaReached");
  EXPECT_THAT(message("j"), HasSubstr("The job waits for 2 nodes. The subscription's limit of 6 dedicated cores"));
}

TEST_F(WaitingReason, IsThatOfAnEngineWithAQueueOfItsOwn) {
  provider.late = true;
  create_cluster("c", manual(1));
  create_job("j", job_body());
  settle();
  EXPECT_EQ(code("j"), "none");
  engine.note(engine.runs.begin()->first, {.waits = true, .reason = "ReqNodeNotAvail, UnavailableNodes:n1"});
  settle();
  EXPECT_EQ(code("j"), "ReqNodeNotAvail");
  EXPECT_EQ(shown("j")["executionInfo"]["errors"][0], shown("j")["waitingReason"]);
}

TEST_F(WaitingReason, IsNotFoundInWhatAUserWrote) {
  auto body = job_body();
  body["properties"]["environmentVariables"] = {{{"name", "A"}, {"value", R"("executionState":"queued")"}}};
  create_cluster("c", manual(1));
  create_job("j", body);
  settle();
  end_job("j", 0);
  settle();
  EXPECT_EQ(code("j"), "none");
  EXPECT_EQ(shown("j")["executionState"], "succeeded");
}

}  // namespace
}  // namespace batchai::server::test
