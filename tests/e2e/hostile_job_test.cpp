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
    settings["containers"] = "refuse";
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

/// With a data folder that is not below `/tmp`, as usual: then jobs see a folder of their node there.
class HostileJobElsewhere : public HostileJob {
 protected:
  void SetUp() override {
    environment_["BATCHAI_CONFIG_DIR"] = (elsewhere_ / "config").string();
    HostileJob::SetUp();
  }
  ~HostileJobElsewhere() override { batchai({"local", "stop"}); }

  std::filesystem::path data_folder() const override { return elsewhere_ / "config" / "local"; }

  TemporaryFolder elsewhere_{"/var/tmp"};
};

TEST_F(HostileJobElsewhere, PutsNothingInPlaceOfItsTemporaryFolder) {
  const auto data = data_folder().string();
  submit_job("j", {{"nodeCount", 1},
                   {"jobPreparation",
                    {{"commandLine",
                      "node=$(dirname $(dirname $AZ_BATCHAI_JOB_TEMP)); for t in $node/temp/tmp $node.tmp; do "
                      "rm -r $t; ln -s '" +
                          data + "' $t; done; touch /tmp/mine /var/tmp/mine || exit"}}},
                   {"customToolkitSettings",
                    {{"commandLine",
                      "ls /tmp; cat /tmp/endpoints.json /tmp/../endpoints.json; touch /tmp/made-by-a-job; exit 5"}}}});
  EXPECT_EQ(wait_for_job("j"), 5) << log_of("j", "stderr-job_prep.txt");
  EXPECT_EQ(log_of("j", "stdout.txt"), "mine\n") << "what another process of its node has put there";
  EXPECT_FALSE(std::filesystem::exists(data_folder() / "made-by-a-job"));
  EXPECT_EQ(said_by("next", "ls /tmp"), "") << "it is emptied";
}

/// With limits that are low enough for bombs which do no harm where nothing keeps them.
class HostileJobWithLimits : public HostileJob {
 protected:
  void SetUp() override {
    begin(
        {{"jobs", {{"memory", "200M"}, {"processes", 200}, {"openFiles", 256}, {"fileSize", "16M"}, {"disk", "64M"}}}});
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    submit("neighbour", "until [ -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.1; done; exit 5");
  }

  /// Runs the job, which has to be ended with this in the message, while its neighbour goes on.
  void expect_ended(const std::string& command, const std::string& message) {
    submit("j", command);
    EXPECT_NE(wait_for_job("j"), 0);
    const auto error = error_of("j");
    EXPECT_EQ(error.at("code"), "JobLimitExceeded");
    EXPECT_THAT(error.at("message").get<std::string>(), HasSubstr(message));
    expect_neighbour();
  }

  void expect_neighbour() {
    std::ofstream(share_folder() / "go") << "go";
    EXPECT_EQ(wait_for_job("neighbour"), 5);
  }
};

TEST_F(HostileJobWithLimits, IsEndedWithItsBombOfProcesses) {
  // 511 processes at most.
  expect_ended("bomb() { if [ $1 -gt 0 ]; then bomb $(($1 - 1)) & bomb $(($1 - 1)) & fi; sleep 60; }; bomb 8",
               "processes and threads, and the limit is 200");
}

TEST_F(HostileJobWithLimits, IsEndedWithTheMemoryThatItTakes) {
  expect_ended("head -c 400M /dev/zero | tail -n 1 | sleep 60", "of memory, and the limit is 200 MiB");
}

TEST_F(HostileJobWithLimits, IsEndedWithWhatItKeepsInMemoryBesides) {
  expect_ended(
      "for i in $(seq 8); do head -c 15M /dev/zero > /dev/shm/$i; done; head -c 120M /dev/zero | tail -n 1 | sleep 60",
      "of memory, and the limit is 200 MiB");
}

TEST_F(HostileJobWithLimits, IsEndedWithMemoryThatNoProcessHas) {
  expect_ended(
      "exec /usr/bin/python3 -c '\nimport ctypes, os, time\nc = ctypes.CDLL(None)\nc.shmat.restype = ctypes.c_void_p\n"
      "for i in range(8):\n  f = os.memfd_create(\"f\")\n  for j in range(15): os.write(f, bytes(1 << 20))\n"
      "for i in range(120):\n  a = ctypes.c_void_p(c.shmat(c.shmget(0, 1 << 20, 0o1600), None, 0))\n"
      "  ctypes.memset(a, 1, 1 << 20)\n  c.shmdt(a)\ntime.sleep(60)'",
      "of memory, and the limit is 200 MiB");
}

/// A folder that hides another one belongs to whoever looks into it.
TEST_F(HostileJobWithLimits, KeepsNothingInFoldersThatHideOthers) {
  const auto data = data_folder().string();
  EXPECT_EQ(said_by("j", "cd '" + data + "'; chmod 755 .; head -c 1M /dev/zero > file; cat file | wc -c"), "4096\n");
  expect_neighbour();
}

TEST_F(HostileJobWithLimits, IsEndedWithItsOutput) {
  expect_ended("exec head -c 1G /dev/zero", "into one file");
  EXPECT_LE(std::filesystem::file_size(output_folder("j") / "stdouterr" / "stdout.txt"), 16U * 1024 * 1024);
}

TEST_F(HostileJobWithLimits, IsEndedWithTheFilesOfItsNode) {
  expect_ended("for i in 1 2 3 4 5 6 7 8; do head -c 15M /dev/zero > $i; done; sleep 60", "and the limit is 64 MiB");
}

TEST_F(HostileJobWithLimits, IsEndedWithFilesThatItHasDeleted) {
  expect_ended(
      "for i in 1 2 3 4 5 6 7 8; do exec {f}> file; rm file; head -c 15M /dev/zero >&$f; done; chmod 0 .; sleep 60",
      "and the limit is 64 MiB");
}

TEST_F(HostileJobWithLimits, MakesAndOpensManyFilesForItselfOnly) {
  EXPECT_EQ(said_by("j",
                    "for i in $(seq 10000); do : > $i; done; ls | wc -l; for i in $(seq 400); do exec {f}< $i || "
                    "exit 9; done; echo opened"),
            "10000\n");
  EXPECT_EQ(job_properties("j").at("executionInfo").at("exitCode"), 9);
  expect_neighbour();
}

}  // namespace
}  // namespace batchai::test
