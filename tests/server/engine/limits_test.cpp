#include "server/engine/local_lab.hpp"
#include "server/supervisor/process_table.hpp"

namespace batchai::server::test {

namespace {

using ::testing::HasSubstr;
using Kind = RunOutcome::Kind;
constexpr std::uint64_t kMebibyte = 1024UL * 1024UL;

/// Runs without a sandbox; with one: tests/e2e/hostile_job_test.cpp.
class RunLimit : public ::testing::Test {
 protected:
  RunOutcome run(const std::string& command, const RunLimits& limits) {
    auto plan = simple_plan(kRunId + "-" + std::to_string(++runs_), command);
    plan.limits = limits;
    plan.environment = {{"FOLDER", lab_.scratch().path().string()}};
    return Service(lab_.make()).run(plan);
  }

  LocalLab lab_;
  int runs_ = 0;
};

TEST_F(RunLimit, OfProcessesEndsTheRunWithAllOfThem) {
  const auto outcome = run("for i in $(seq 40); do setsid sleep 1000 & done; trap '' TERM; wait", {.processes = 30});
  EXPECT_EQ(outcome.kind, Kind::OverLimit);
  EXPECT_EQ(outcome.exit_code, 137);
  EXPECT_THAT(outcome.message, HasSubstr("processes and threads, and the limit is 30"));
  EXPECT_TRUE(processes_of_run(kRunId + "-1").empty());
}

TEST_F(RunLimit, OfMemoryEndsTheRun) {
  const auto outcome =
      run("head -c 100M /dev/zero | tail -n 1 | sleep 1000", {.memory_bytes = 50 * kMebibyte, .processes = 100});
  EXPECT_EQ(outcome.kind, Kind::OverLimit);
  EXPECT_THAT(outcome.message, HasSubstr("of memory, and the limit is 50 MiB"));
}

/// Needs Python, for calls of the system that no program of the shell makes.
class RunLimitOfMemory : public RunLimit {
 protected:
  void SetUp() override {
    if (std::system("python3 -c '' 2> /dev/null") != 0) {
      GTEST_SKIP() << "there is no python3";
    }
  }

  void expect_ended(const std::string& script, const std::string& before = "") {
    const auto outcome =
        run("exec " + before + "python3 -c '" + script + "'", {.memory_bytes = 50 * kMebibyte, .processes = 100});
    EXPECT_EQ(outcome.kind, Kind::OverLimit);
    EXPECT_THAT(outcome.message, HasSubstr("of memory, and the limit is 50 MiB"));
  }
};

TEST_F(RunLimitOfMemory, CountsFilesInMemoryWithoutAName) {
  expect_ended(
      "import os, time\nf = os.memfd_create(\"f\")\nfor i in range(100): os.write(f, bytes(1 << 20))\n"
      "time.sleep(1000)");
}

/// In a namespace of its own, with which the segment goes.
TEST_F(RunLimitOfMemory, CountsSegmentsThatNobodyIsAttachedTo) {
  const std::string unshare = "unshare --user --map-root-user --ipc ";
  if (std::system((unshare + "true 2> /dev/null").c_str()) != 0) {
    GTEST_SKIP() << "unshare cannot make namespaces here";
  }
  expect_ended(
      "import ctypes, time\nc = ctypes.CDLL(None)\nc.shmat.restype = ctypes.c_void_p\nfor i in range(100):\n"
      "  a = ctypes.c_void_p(c.shmat(c.shmget(0, 1 << 20, 0o1600), None, 0))\n"
      "  ctypes.memset(a, 1, 1 << 20)\n  c.shmdt(a)\ntime.sleep(1000)",
      unshare);
}

TEST_F(RunLimitOfMemory, CountsFilesInMemoryThatOnlyItSees) {
  const std::string unshare = "unshare --user --map-root-user --mount ";
  if (std::system((unshare + "mount -t tmpfs none /mnt 2> /dev/null").c_str()) != 0) {
    GTEST_SKIP() << "unshare cannot make namespaces here";
  }
  for (const std::string files : {"head -c 100M /dev/zero > /mnt/f", "cd /mnt; seq 60000 | xargs touch"}) {
    const auto command = "exec " + unshare + "bash -c 'mount -t tmpfs none /mnt; " + files + "; exec sleep 1000'";
    EXPECT_EQ(run(command, {.memory_bytes = 50 * kMebibyte}).kind, Kind::OverLimit) << files;
  }
}

TEST_F(RunLimit, OfTheSizeOfAFileEndsTheRunWithItsSignal) {
  const auto outcome = run("exec head -c 9M /dev/zero > $FOLDER/large", {.file_bytes = kMebibyte});
  EXPECT_EQ(outcome.kind, Kind::OverLimit);
  EXPECT_EQ(outcome.exit_code, 153);
  EXPECT_EQ(std::filesystem::file_size(lab_.scratch() / "large"), kMebibyte);
}

TEST_F(RunLimit, OfOpenFilesIsTheProcesses) {
  EXPECT_EQ(run("[ $(ulimit -n) = 100 ] && exit 6", {.open_files = 100}).exit_code, 6);
}

TEST_F(RunLimit, OfProcessorsIsWhatItsProgramsCount) {
  EXPECT_EQ(run("exit $(nproc)", {.cpus = 1}).exit_code, 1);
  EXPECT_EQ(run("exit $(nproc)", {.cpus = 100'000}).exit_code, run("exit $(nproc)", {}).exit_code);
}

TEST_F(RunLimit, IsNotNoticedByARunBelowIt) {
  EXPECT_EQ(run("exit 4", {.memory_bytes = 1000 * kMebibyte, .processes = 1000, .file_bytes = kMebibyte}).exit_code, 4);
}

TEST_F(RunLimit, MakesAJobTheFirstToBeEndedForLackOfMemory) {
  EXPECT_EQ(run("[ $(cat /proc/self/oom_score_adj) -ge 500 ] && exit 6", {}).exit_code, 6);
}

}  // namespace

}  // namespace batchai::server::test
