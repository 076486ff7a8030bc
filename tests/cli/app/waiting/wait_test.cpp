#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Wait : public CliTest {
 protected:
  static std::string cluster(const std::string& state, int idle = 0) {
    return R"({"id":")" + id(workspace_path() + "/clusters/c") + R"(","name":"c","properties":{"provisioningState":")" +
           state + R"(","allocationState":"steady","nodeStateCounts":{"idleNodeCount":)" + std::to_string(idle) + "}}}";
  }
  static std::string cluster_url() { return url(workspace_path() + "/clusters/c"); }
  void answer(const std::string& body) { transport_->on("GET", cluster_url(), json_response(200, body)); }
  void answer_missing() { transport_->on("GET", cluster_url(), not_found("The cluster")); }
  Outcome wait(const std::vector<std::string>& more) { return run(words(more)); }
  static std::vector<std::string> words(const std::vector<std::string>& more) {
    std::vector<std::string> all{"cluster", "wait", "-g", "g", "-w", "w", "-n", "c"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  void expect_done(const std::vector<std::string>& more) {
    const Outcome outcome = wait(more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out + outcome.err, "");
  }
};

TEST_F(Wait, UntilCreatedTakesAMissingResource) {
  answer_missing();
  answer(cluster("creating"));
  answer(cluster("succeeded"));
  expect_done({"--created"});
  EXPECT_THAT(clock_->sleeps(), ElementsAre(std::chrono::milliseconds(25), std::chrono::milliseconds(50)));
}

TEST_F(Wait, UntilExistsTakesAnyState) {
  answer_missing();
  answer(cluster("failed"));
  expect_done({"--exists", "--interval", "7"});
  EXPECT_THAT(clock_->sleeps(), ElementsAre(std::chrono::seconds(7)));
}

TEST_F(Wait, UntilDeletedEndsWhenItIsMissing) {
  answer(cluster("deleting"));
  answer_missing();
  expect_done({"--deleted"});
}

TEST_F(Wait, UntilUpdatedNeedsTheResource) {
  answer(cluster("updating"));
  answer(cluster("succeeded"));
  expect_done({"--updated"});
  answer_missing();
  expect_error(words({"--updated"}), 3, "batchai: error: the cluster 'c' does not exist");
}

TEST_F(Wait, UntilAnExpressionFindsSomething) {
  answer_missing();
  answer(cluster("succeeded", 0));
  answer(cluster("succeeded", 1));
  answer(cluster("succeeded", 2));
  expect_done({"--custom", "nodeStateCounts.idleNodeCount == `2` && resourceGroup == 'g'"});
}

TEST_F(Wait, ZeroIsNothingAsInAz) {
  answer(cluster("succeeded", 0));
  answer(cluster("succeeded", 1));
  expect_done({"--custom", "nodeStateCounts.idleNodeCount"});
}

TEST_F(Wait, OneOfSeveralConditionsIsEnough) {
  answer(cluster("succeeded", 0));
  expect_done({"--created", "--custom", "nodeStateCounts.idleNodeCount"});
}

TEST_F(Wait, EndsWithAnErrorWhenTheResourceHasFailed) {
  for (const char* option : {"--created", "--updated", "--deleted"}) {
    answer(cluster("failed"));
    expect_error(words({option}), 1, "batchai: error: the cluster 'c' is in the provisioning state 'failed'");
  }
}

TEST_F(Wait, GivesUpInTime) {
  for (int i = 0; i < 4; ++i) {  // at 0, 4, 8 and 10 s
    answer(cluster("creating"));
  }
  expect_error(words({"--created", "--interval", "4", "--timeout", "10"}), 1,
               "batchai: error: gave up waiting for the cluster 'c' after 10 s\n"
               "batchai: hint: wait longer with --timeout");
}

TEST_F(Wait, GivesUpAfterAnHourByItself) {
  for (int i = 0; i < 3; ++i) {  // at 0, 3000 and 3600 s
    answer(cluster("creating"));
  }
  expect_error(words({"--created", "--interval", "3000"}), 1,
               "batchai: error: gave up waiting for the cluster 'c' after 3600 s\n"
               "batchai: hint: wait longer with --timeout");
}

TEST_F(Wait, ChecksTheCommandLineFirst) {
  expect_error(words({}), 2, "batchai: error: missing: one of --created, --updated, --deleted, --exists, --custom");
  expect_error(words({"--created", "--interval", "0"}), 2,
               "batchai: error: --interval: the number of seconds must be above 0");
  expect_error(words({"--custom", "a["}), 2,
               "batchai: error: --custom: expected a number, ':' or '*' but found end of expression\n"
               "    a[\n"
               "      ^");
}

TEST_F(Wait, TellsWhenTheExpressionDoesNotFit) {
  answer(cluster("creating"));
  expect_error(words({"--custom", "length(nodeStateCounts.idleNodeCount)"}), 1,
               "batchai: error: --custom: length() takes a string or an array or an object, not a number\n"
               "    length(nodeStateCounts.idleNodeCount)\n"
               "    ^");
}

TEST_F(Wait, PassesOtherErrorsOn) {
  transport_->on("GET", cluster_url(),
                 json_response(403, R"({"error":{"code":"AuthorizationFailed","message":"No."}})"));
  const Outcome outcome = wait({"--deleted"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("No."));
}

TEST_F(Wait, TakesResourceIds) {
  answer(cluster("succeeded"));
  const Outcome outcome = run({"cluster", "wait", "--ids", id(workspace_path() + "/clusters/c"), "--created"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(Wait, WorksForEveryKindOfResource) {
  transport_->on("GET", "https://management.azure.com/subscriptions/sub/resourcegroups/g?api-version=2021-04-01",
                 json_response(200, R"({"name":"g","properties":{"provisioningState":"Succeeded"}})"));
  EXPECT_EQ(run({"group", "wait", "-n", "g", "--created"}).exit_code, 0);
  transport_->on("GET", url(workspace_path()), not_found("The workspace"));
  EXPECT_EQ(run({"workspace", "wait", "-g", "g", "-n", "w", "--deleted"}).exit_code, 0);
  transport_->on("GET", url(workspace_path() + "/experiments/e"),
                 json_response(200, R"({"name":"e","properties":{"provisioningState":"succeeded"}})"));
  EXPECT_EQ(run({"experiment", "wait", "-g", "g", "-w", "w", "-n", "e", "--updated"}).exit_code, 0);
  transport_->on("GET", url(workspace_path() + "/experiments/e/jobs/j"),
                 json_response(200, R"({"name":"j","properties":{"executionState":"running"}})"));
  EXPECT_EQ(run({"job", "wait", "-g", "g", "-w", "w", "-e", "e", "-n", "j", "--custom", "executionState=='running'"})
                .exit_code,
            0);
}

}  // namespace
}  // namespace batchai::cli::test
