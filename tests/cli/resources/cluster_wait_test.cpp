#include "cli/app/log_lines.hpp"
#include "cli/cli_fixture.hpp"

namespace batchai::cli::test {
namespace {

using batchai::test::json_response;
using ::testing::HasSubstr;

class ClusterWait : public CliTest {
 protected:
  static std::string cluster(int nodes, int preparing, int unusable) {
    const auto text = [](int number) { return std::to_string(number); };
    return R"({"name":"c","properties":{"provisioningState":"succeeded","allocationState":"steady",
        "scaleSettings":{"manual":{"targetNodeCount":2}},"currentNodeCount":)" +
           text(nodes) + R"(,"nodeStateCounts":{"idleNodeCount":)" + text(nodes - preparing - unusable) +
           R"(,"runningNodeCount":0,"preparingNodeCount":)" + text(preparing) + R"(,"unusableNodeCount":)" +
           text(unusable) + R"(,"leavingNodeCount":0})" +
           (unusable > 0 ? R"(,"errors":[{"code":"AZFMountError","message":"no share"}])" : "") + "}}";
  }
  void on_cluster(int nodes, int preparing, int unusable) {
    transport_->on("GET", url(cluster_), json_response(200, cluster(nodes, preparing, unusable)));
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

TEST(LogLines, BeginWithTheirPrefixAlsoInPieces) {
  PrefixedLines lines("[a] ");
  EXPECT_EQ(lines.add("one\ntw"), "[a] one\n");
  EXPECT_EQ(lines.add("o\n\nthree"), "[a] two\n[a] \n");
  EXPECT_EQ(lines.end(), "[a] three\n");
  EXPECT_EQ(lines.end(), "");
  EXPECT_EQ(PrefixedLines("").add("as it is"), "as it is");
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
