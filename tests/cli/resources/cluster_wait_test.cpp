#include "cli/app/log_lines.hpp"
#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;

class ClusterWait : public CliTest {
 protected:
  static std::string cluster(int nodes, int preparing, int unusable, const std::string& errors = {}) {
    const auto text = [](int number) { return std::to_string(number); };
    return R"({"name":"c","properties":{"provisioningState":"succeeded","allocationState":"steady",
        "scaleSettings":{"manual":{"targetNodeCount":2}},"currentNodeCount":)" +
           text(nodes) + R"(,"nodeStateCounts":{"idleNodeCount":)" + text(nodes - preparing - unusable) +
           R"(,"runningNodeCount":0,"preparingNodeCount":)" + text(preparing) + R"(,"unusableNodeCount":)" +
           text(unusable) + R"(,"leavingNodeCount":0})" + R"(,"errors":[)" + errors +
           (!errors.empty() && unusable > 0 ? "," : "") +
           (unusable > 0 ? R"({"code":"AZFMountError","message":"no share"})" : "") + "]}}";
  }
  void on_cluster(int nodes, int preparing, int unusable) {
    transport_->on("GET", url(cluster_), json_response(200, cluster(nodes, preparing, unusable)));
  }
  void on_smaller_cluster(int nodes, int unusable, int allowed) {
    const std::string error =
        R"({"code":"CoreQuotaReached","message":"allows )" + std::to_string(allowed) + R"( of the 2 nodes"})";
    transport_->on("GET", url(cluster_), json_response(200, cluster(nodes, 0, unusable, error)));
  }
  Outcome create() {
    return run({"cluster", "create", "-g", "g", "-w", "w", "-n", "c", "-s", "X", "-t", "2", "-p", "pw", "--wait"});
  }
  void on_creation() {
    transport_->on("GET", url(cluster_), not_found("c"));
    transport_->on("PUT", url(cluster_), json_response(200, cluster(0, 0, 0)));
  }

  const std::string cluster_ = workspace_path() + "/clusters/c";
};

TEST_F(ClusterWait, LastsUntilAllNodesAreReady) {
  on_creation();
  on_cluster(0, 0, 0);
  on_cluster(2, 2, 0);
  on_cluster(2, 1, 0);
  on_cluster(2, 0, 0);
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, HasSubstr(R"("idleNodeCount": 2)"));
}

TEST_F(ClusterWait, WarnsOfNodesThatAreUnusable) {
  on_creation();
  on_cluster(2, 0, 1);
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err,
            "batchai: warning: 1 of the 2 nodes of the cluster 'c' is unusable: AZFMountError: no share\n"
            "batchai: hint: see 'batchai cluster show -g g -w w -n c'\n");
}

TEST_F(ClusterWait, FailsWhereAllAre) {
  on_creation();
  on_cluster(2, 0, 2);
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("all 2 nodes of the cluster 'c' are unusable: AZFMountError: no share\n"));
}

TEST_F(ClusterWait, WarnsOfNodesThatTheLimitsDoNotAllow) {
  on_creation();
  on_smaller_cluster(1, 0, 1);
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err,
            "batchai: warning: the cluster 'c' has 1 of its 2 nodes: CoreQuotaReached: allows 1 of the 2 nodes\n"
            "batchai: hint: see 'batchai cluster show -g g -w w -n c'\n");
}

TEST_F(ClusterWait, FailsWhereTheLimitsAllowNone) {
  on_creation();
  on_smaller_cluster(0, 0, 0);
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("the cluster 'c' has none of its 2 nodes: CoreQuotaReached: allows 0 of the 2"));
}

TEST_F(ClusterWait, WarnsOfNodesThatAreMissingAndOfThoseThatAreUnusable) {
  on_creation();
  on_smaller_cluster(1, 1, 1);
  const Outcome outcome = create();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("has 1 of its 2 nodes: CoreQuotaReached: allows 1 of the 2 nodes\n"));
  EXPECT_THAT(outcome.err, HasSubstr("the only node of the cluster 'c' is unusable: AZFMountError: no share\n"));
}

TEST_F(ClusterWait, NamesACommandThatCanShowWhatTheSetupHasWritten) {
  const auto with_setup = [](const std::string& prefix) {
    std::string text = cluster(2, 0, 1);
    text.insert(text.find("\"scaleSettings\""),
                R"("nodeSetup":{"setupTask":{"commandLine":"x","stdOutErrPathPrefix":")" + prefix +
                    R"(","stdOutErrPathSuffix":"s"},"mountVolumes":{
        "azureFileShares":[{"accountName":"a","azureFileUrl":"https://a.file/share","relativeMountPath":"afs"}]}},)");
    return json_response(200, text);
  };
  const auto hint_for = [&](const std::string& prefix) {
    on_creation();
    transport_->on("GET", url(cluster_), with_setup(prefix));
    return create().err;
  };
  EXPECT_THAT(hint_for("$AZ_BATCHAI_MOUNT_ROOT/afs"),
              HasSubstr("hint: see 'batchai cluster node logs -g g -w w -c c'\n"));
  const std::string on_node = "see 'batchai cluster node exec -g g -w w -c c --exec \"tail ";
  EXPECT_THAT(hint_for("/tmp/zz"), HasSubstr("hint: " + on_node + "/tmp/zz/s/std*.txt\"'\n"));
  EXPECT_THAT(hint_for("$AZ_BATCHAI_MOUNT_ROOT/nfs"),
              HasSubstr("hint: " + on_node + "\\$AZ_BATCHAI_MOUNT_ROOT/nfs/s/std*.txt\"'\n"));
  transport_->on("GET", url(cluster_), with_setup("/tmp/zz"));
  const Outcome logs = run({"cluster", "node", "logs", "-g", "g", "-w", "w", "-c", "c"});
  EXPECT_EQ(logs.exit_code, 1);
  EXPECT_THAT(logs.err, HasSubstr("can be listed only when its output is on a file share that the cluster mounts\n"));
  EXPECT_THAT(logs.err, HasSubstr("hint: " + on_node + "/tmp/zz/s/std*.txt\"'\n"));
}

TEST(LogLines, BeginWithTheirPrefixAlsoInPieces) {
  PrefixedLines lines("[a] ");
  EXPECT_EQ(lines.add("one\ntw"), "[a] one\n");
  EXPECT_EQ(lines.add("o\n\nthree"), "[a] two\n[a] \n");
  EXPECT_EQ(lines.end(), "[a] three\n");
  EXPECT_EQ(lines.end(), "");
  EXPECT_EQ(PrefixedLines("").add("as it is"), "as it is");
}

TEST(LogLines, BeginWithTheirPrefixWhereATerminalDrawsOverThem) {
  PrefixedLines lines("[a] ");
  EXPECT_EQ(lines.add("10%\r20%\r"), "[a] 10%\r[a] 20%\r");
  EXPECT_EQ(lines.add("\nnext\r\n"), "\n[a] next\r\n");
  EXPECT_EQ(lines.end(), "");
  EXPECT_FALSE(lines.add(std::string(100000, 'x')).empty()) << "without a line end, and not kept for ever";
}

TEST(LogLines, LastOnesBeginBehindALineEnd) {
  EXPECT_EQ(begin_of_lines("1\n2\n3\n", 2), 2U);
  EXPECT_EQ(begin_of_lines("1\n2\n3", 1), 4U);
  EXPECT_EQ(begin_of_lines("1\n2\n", 5), 0U);
  EXPECT_EQ(begin_of_lines("1\n", 0), 2U);
  EXPECT_EQ(begin_of_lines("", 3), 0U);
}

}  // namespace
}  // namespace batchai::cli::test
