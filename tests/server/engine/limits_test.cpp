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
