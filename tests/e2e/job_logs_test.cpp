#include "e2e/service.hpp"

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using Arguments = std::vector<std::string>;
using nlohmann::json;

const Arguments kWorkspace = {"-g", "rg", "-w", "ws"};

/// What a user is told of jobs that wait or fail, and of nodes that are unusable.
class WhyNothingHappens : public ServiceTest {
 protected:
  ProcessResult logs(const std::string& job, const Arguments& more = {}) const {
    return batchai(Arguments{"job", "logs", "-n", job, "-g", "rg", "-w", "ws", "-e", "e"} + more);
  }
  json waiting_reason(const std::string& job) const { return job_properties(job).value("waitingReason", json()); }
};

TEST_F(WhyNothingHappens, IsSaidOfJobsThatWaitAndOfJobsThatFail) {
  start_service();
  prepare_cluster();
  submit_job("wide", {{"nodeCount", 5}, {"customToolkitSettings", {{"commandLine", "true"}}}});
  eventually("a reason", [&] { return !waiting_reason("wide").is_null(); });
  EXPECT_EQ(waiting_reason("wide").at("code"), "ClusterTooSmall");
  const auto given_up = batchai(Arguments{"job", "wait", "--timeout", "1"} + job_options("wide"));
  EXPECT_THAT(given_up.err, HasSubstr("The job waits for 5 nodes, and the cluster c may have 1: batchai cluster resize "
                                      "-g rg -w ws -n c -t 5\n"));

  submit("bad", "echo out; echo first >&2; echo second >&2; exit 7");
  const auto waited = batchai(Arguments{"job", "wait"} + job_options("bad"));
  EXPECT_EQ(waited.exit_code, 7);
  EXPECT_THAT(waited.err, HasSubstr("\nstderr.txt:\n  first\n  second\nsee all with 'batchai job logs "));
  EXPECT_EQ(logs("bad").out, "out\n");
  EXPECT_EQ(logs("bad").err, "first\nsecond\n");
  EXPECT_EQ(logs("bad", {"--tail", "1", "-f"}).err, "second\n");
  EXPECT_EQ(logs("bad", {"--all"}).out, "[main] out\n");
  const auto description = batchai(Arguments{"job", "describe"} + job_options("bad"));
  EXPECT_THAT(description.out, HasSubstr("Exit code:  7\n"));
  EXPECT_THAT(description.out, HasSubstr("stderr.txt:\n  first\n  second\n"));
}

TEST_F(WhyNothingHappens, IsSaidOfClustersWhoseNodesAreUnusable) {
  start_service();
  prepare_cluster();
  const auto file = write_file("s.json", json({{"properties",
                                                {{"nodeSetup",
                                                  {{"setupTask",
                                                    {{"commandLine", "echo trying; echo no driver >&2; exit 7"},
                                                     {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs/logs"}}}}}}}})
                                             .dump());
  const auto created = batchai(Arguments{"cluster",
                                         "create",
                                         "--wait",
                                         "-n",
                                         "s",
                                         "--vm-size",
                                         "STANDARD_NC6",
                                         "--target",
                                         "1",
                                         "-u",
                                         "demo",
                                         "-p",
                                         "not-a-real-password",
                                         "--afs-name",
                                         "share",
                                         "--afs-mount-path",
                                         "afs",
                                         "--storage-account-name",
                                         endpoints().at("storageAccount").get<std::string>(),
                                         "-f",
                                         file.string()} +
                               kWorkspace);
  EXPECT_EQ(created.exit_code, 1);
  EXPECT_THAT(created.err, HasSubstr("warning: the only node of the cluster 's' is unusable: NodeSetupFailed: "));
  EXPECT_THAT(created.err, HasSubstr("batchai cluster node logs -g rg -w ws -c s"));
  const auto printed = batchai(Arguments{"cluster", "node", "logs", "-c", "s", "-f"} + kWorkspace);
  EXPECT_THAT(printed.out, MatchesRegex("\\[tvm-[0-9a-z_-]+\\] trying\n"));
  EXPECT_THAT(printed.err, MatchesRegex("\\[tvm-[0-9a-z_-]+\\] no driver\n"));
}

}  // namespace
}  // namespace batchai::test
