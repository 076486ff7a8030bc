#include "e2e/service.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

/// A service whose jobs are in sandboxes, two nodes, and jobs that mean ill.
class HostileJob : public ServiceTest {
 protected:
  void SetUp() override { begin(json::object()); }

  /// With more settings. The test is skipped where there can be no sandbox.
  void begin(json settings) {
    settings["isolation"] = "sandbox";
    const auto config = write_file("server.json", settings.dump());
    const auto started =
        batchai({"local", "start", "--management-port", "0", "--files-port", "0", "--config", config.string()});
    if (started.err.find("--isolation sandbox: ") != std::string::npos) {
      GTEST_SKIP() << started.err;
    }
    ASSERT_EQ(started.exit_code, 0) << started.err;
    prepare_cluster(2);
  }

  /// Output of a job that runs this command, whatever becomes of it.
  std::string said_by(const std::string& job, const std::string& command) {
    submit(job, command);
    wait_for_job(job);
    return log_of(job, "stdout.txt");
  }

  json error_of(const std::string& job) const { return job_properties(job).at("executionInfo").at("errors").at(0); }
};

TEST_F(HostileJob, CannotReadWhatTheServiceKeeps) {
  const auto data = data_folder().string();
  const auto account = endpoints().at("storageAccount").get<std::string>();
  batchai_ok({"files", "share", "create", "-n", "other"});
  std::ofstream(data_folder() / "files" / account / "other" / "file") << "of somebody else";
  const auto said = said_by(
      "j", "cd '" + data + "'; for f in endpoints.json batchai.db tls/ca-key.pem tls/token-signing.pem files/" +
               account + "/other/file files/" + account +
               "/.shares/share.json; do for r in '' /proc/1/root /proc/self/root; do "
               "cat \"$r" +
               data + "/$f\" && echo \"has read $f\"; done; done; ls -A . files files/" + account +
               " runs; cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -v BATCHAI | grep -i secret; echo done");
  EXPECT_THAT(said, Not(HasSubstr("has read")));
  EXPECT_THAT(said, Not(HasSubstr("of somebody else")));
  EXPECT_THAT(said, Not(HasSubstr("endpoints.json")));
  EXPECT_THAT(said, Not(HasSubstr("other")));
  EXPECT_THAT(said, ::testing::EndsWith("\nshare\ndone\n")) << "the share that it mounts";
  EXPECT_EQ(batchai({"files", "share", "show", "-n", "other"}).exit_code, 0);
}

TEST_F(HostileJob, CannotReachItsNeighbour) {
  submit_job("neighbour",
             {{"nodeCount", 1},
              {"secrets", {{{"name", "WORD"}, {"value", "hidden-word"}}}},
              {"customToolkitSettings",
               {{"commandLine",
                 "echo $$ > $AZ_BATCHAI_MOUNT_ROOT/afs/here; while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; "
                 "do sleep 0.1; done; exit 5"}}}});
  eventually("the neighbour runs", [&] { return std::filesystem::exists(share_folder() / "here"); });
  // Nothing that would do harm if it could be done.
  const auto service = std::to_string(endpoints().at("pid").get<int>());
  const auto said = said_by("j", "cat /proc/[0-9]*/environ | grep -a -o 'hidden-w[a-z]*'; kill -0 " + service +
                                     " && echo reached; ls -d '" + data_folder().string() + "'/nodes/*/* | wc -l");
  EXPECT_THAT(said, Not(HasSubstr("hidden-word")));
  EXPECT_THAT(said, Not(HasSubstr("reached")));
  EXPECT_THAT(said, ::testing::EndsWith("1\n")) << "it sees its own node";
  std::ofstream(share_folder() / "go") << "go";
  EXPECT_EQ(wait_for_job("neighbour"), 5);
}

TEST_F(HostileJob, LeavesNoDaemons) {
  const std::string alive = "$AZ_BATCHAI_MOUNT_ROOT/afs/alive";
  said_by("j", "setsid nohup bash -c 'while :; do date > " + alive +
                   "; sleep 0.05; done' > /dev/null 2>&1 & until [ -s " + alive + " ]; do sleep 0.05; done");
  ASSERT_TRUE(std::filesystem::remove(share_folder() / "alive"));
  EXPECT_EQ(said_by("next", "sleep 0.2; echo done"), "done\n");
  EXPECT_FALSE(std::filesystem::exists(share_folder() / "alive"));
}

}  // namespace
}  // namespace batchai::test
