#include "server/slurm/slurm_text.hpp"

#include "server/slurm/slurm_nodes.hpp"
#include "server/slurm/slurm_outcome.hpp"
#include "server/slurm/slurm_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

using Kind = RunOutcome::Kind;

RunOutcome outcome_of(const std::string& line) {
  return outcome_without_supervisor(read_job(line).value(), false, "/data/runs/r", "/opt/batchai-supervisor");
}

TEST(SlurmText, ReadsTheQueue) {
  const auto jobs = read_queue("12|PENDING|batchai:run-1|Resources\nbroken\n13|RUNNING|(null)|None\n");
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(jobs[0].id, "12");
  EXPECT_EQ(jobs[0].state, "PENDING");
  EXPECT_EQ(jobs[0].comment, "batchai:run-1");
  EXPECT_EQ(jobs[0].reason, "Resources");
  EXPECT_EQ(jobs[1].comment, "(null)");
}

TEST(SlurmText, ReadsNodesAndTakesFlagsOffTheirStates) {
  const auto nodes = read_nodes(
      "n1|main*|idle~|infinite|32|none\nn2|gpu|down*|7-00:00:00|8|Not | responding\nn3|gpu|mixed-|30:00|8|none\n");
  ASSERT_EQ(nodes.size(), 3U);
  EXPECT_TRUE(nodes[0].in_default_partition);
  EXPECT_EQ(nodes[0].partition, "main");
  EXPECT_EQ(nodes[0].state, "idle");
  EXPECT_EQ(nodes[0].cpus, 32);
  EXPECT_EQ(nodes[0].reason, "");
  EXPECT_FALSE(nodes[0].time_limit);
  EXPECT_EQ(nodes[1].state, "down");
  EXPECT_TRUE(nodes[1].unresponsive);
  EXPECT_EQ(nodes[1].time_limit, 7 * 24 * 60);
  EXPECT_EQ(nodes[1].reason, "Not | responding");
  EXPECT_EQ(nodes[2].state, "mixed");
  EXPECT_EQ(nodes[2].time_limit, 30);
}

TEST(SlurmText, ReadsTimes) {
  EXPECT_EQ(read_minutes("1-02:03:04"), (24 + 2) * 60 + 3);
  EXPECT_EQ(read_minutes("10:00:00"), 600);
  EXPECT_EQ(read_minutes("5:00"), 5);
  EXPECT_FALSE(read_minutes("infinite"));
  EXPECT_FALSE(read_minutes("n/a"));
}

TEST(SlurmText, ReadsAJobWhoseNameHoldsBlanks) {
  const auto job = read_job(
      "JobId=7 JobName=my JobState=x job UserId=u(1) JobState=FAILED Reason=NonZeroExitCode Dependency=(null) "
      "Requeue=1 Restarts=2 BatchFlag=1 ExitCode=7:9 NodeList=n2 BatchHost=n2\n");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->exit_code, 7);
  EXPECT_EQ(job->signal, 9);
  EXPECT_EQ(job->restarts, 2);
  EXPECT_EQ(job->host, "n2");
  EXPECT_FALSE(read_job("slurm_load_jobs error: Invalid job id specified"));
}

TEST(SlurmText, ReadsTheAccounting) {
  const auto job = read_accounting("CANCELLED by 1000|0:15|n[1-2]\n");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->state, "CANCELLED");
  EXPECT_EQ(job->signal, 15);
  EXPECT_FALSE(read_accounting(""));
}

TEST(SlurmSettings, ChooseByVmSize) {
  EXPECT_EQ(value_for("main", "STANDARD_NC6"), "main");
  EXPECT_EQ(value_for("standard_nc6=gpu,main", "STANDARD_NC6"), "gpu");
  EXPECT_EQ(value_for("main,STANDARD_NC6=gpu", "STANDARD_D2"), "main");
  EXPECT_EQ(value_for("STANDARD_NC6=gpu", "STANDARD_D2"), "");
  EXPECT_EQ(value_for("", "STANDARD_D2"), "");
}

TEST(SlurmSettings, AreRefusedWhereTheyMeanNothing) {
  EXPECT_NO_THROW(check_settings({.partition = "cpu,STANDARD_NC6=gpu", .cpus = "4,STANDARD_NC6=8"}));
  EXPECT_THROW(check_settings({.partition = "a,b"}), std::invalid_argument);
  EXPECT_THROW(check_settings({.partition = "cpu, STANDARD_NC6=gpu"}), std::invalid_argument);
  EXPECT_THROW(check_settings({.constraint = "STANDARD_NC6="}), std::invalid_argument);
  EXPECT_THROW(check_settings({.qos = "SIZE=a,size=b"}), std::invalid_argument);
  EXPECT_THROW(check_settings({.cpus = "4x"}), std::invalid_argument);
}

TEST(SlurmOutcome, SaysWhatEndedAJobWithoutAnOutcome) {
  EXPECT_EQ(outcome_of("JobState=CANCELLED ExitCode=0:15 Restarts=0").kind, Kind::Cancelled);
  EXPECT_EQ(outcome_of("JobState=TIMEOUT ExitCode=0:15").kind, Kind::TimedOut);
  EXPECT_EQ(outcome_of("JobState=DEADLINE ExitCode=0:0").kind, Kind::TimedOut);
  EXPECT_EQ(outcome_of("JobState=NODE_FAIL ExitCode=0:0").kind, Kind::Lost);
  EXPECT_EQ(outcome_of("JobState=PREEMPTED ExitCode=0:15").kind, Kind::Lost);
  EXPECT_EQ(outcome_of("JobState=BOOT_FAIL ExitCode=0:0").kind, Kind::Lost);
  EXPECT_EQ(outcome_of("JobState=FAILED ExitCode=0:9").kind, Kind::Lost);
  EXPECT_EQ(outcome_of("JobState=FAILED ExitCode=1:0").kind, Kind::Lost);
  EXPECT_EQ(outcome_of("JobState=COMPLETED ExitCode=0:0").kind, Kind::Lost);
  EXPECT_EQ(outcome_of("JobState=CANCELLED ExitCode=0:15 Restarts=1").kind, Kind::Lost);
  const auto memory = outcome_of("JobState=OUT_OF_MEMORY ExitCode=0:125");
  EXPECT_EQ(memory.kind, Kind::Exited);
  EXPECT_EQ(memory.exit_code, 137);
}

TEST(SlurmOutcome, NamesNodeAndFolderWhereTheDataFolderIsMissing) {
  const auto folder = outcome_of("JobState=FAILED ExitCode=113:0 BatchHost=n2");
  EXPECT_EQ(folder.kind, Kind::NotStarted);
  EXPECT_THAT(folder.message, ::testing::AllOf(::testing::HasSubstr("n2"), ::testing::HasSubstr("/data/runs/r")));
  for (const char* code : {"2", "13", "8", "20", "114", "126", "127"}) {
    const auto line = "JobState=FAILED BatchHost=n2 ExitCode=" + std::string(code) + ":0";
    EXPECT_EQ(outcome_of(line).message, "node n2 cannot run /opt/batchai-supervisor") << code;
  }
  EXPECT_EQ(outcome_of("JobState=FAILED BatchHost=n2 ExitCode=137:0").kind, Kind::Lost);
  for (const char* code : {"2", "113", "115", "127"}) {
    const auto job = read_job("JobState=FAILED BatchHost=n2 ExitCode=" + std::string(code) + ":0").value();
    EXPECT_EQ(outcome_without_supervisor(job, true, "/data/runs/r", "/opt/s").kind, Kind::Lost) << code;
  }
  const auto writing = outcome_of("JobState=FAILED ExitCode=115:0 BatchHost=n2");
  EXPECT_EQ(writing.kind, Kind::NotStarted);
  EXPECT_THAT(writing.message, ::testing::AllOf(::testing::HasSubstr("n2"), ::testing::HasSubstr("/data/runs/r")));
  EXPECT_EQ(outcome_of("JobState=FAILED Reason=JobLaunchFailure ExitCode=0:53 BatchHost=n2").kind, Kind::NotStarted);
}

TEST(SlurmOutcome, KnowsWhoStoppedASupervisor) {
  const RunOutcome stopped{.kind = Kind::Stopped, .exit_code = 143};
  EXPECT_EQ(outcome_of_stopped(stopped, read_job("JobState=CANCELLED Restarts=0").value()).kind, Kind::Cancelled);
  EXPECT_EQ(outcome_of_stopped(stopped, read_job("JobState=PENDING Restarts=1").value()).kind, Kind::Lost);
  EXPECT_EQ(outcome_of_stopped(stopped, read_job("JobState=TIMEOUT Restarts=0").value()).kind, Kind::TimedOut);
  EXPECT_EQ(outcome_of_stopped(stopped, read_job("JobState=COMPLETED Restarts=0").value()).kind, Kind::Stopped);
}

TEST(SlurmNodesTest, CountsMachinesOfThePartition) {
  SlurmNodes nodes({.partition = "STANDARD_NC6=gpu"});
  EXPECT_FALSE(nodes.supply("STANDARD_D2"));
  EXPECT_TRUE(
      nodes.update(read_nodes("n1|main*|idle|infinite|4|none\nn2|main*|drained|infinite|4|fan\n"
                              "n3|gpu|mixed#|1:00:00|4|none\nn4|gpu|draining|1:00:00|4|fan\n")));
  const auto main = nodes.supply("STANDARD_D2").value();
  EXPECT_EQ(main.nodes, 1);
  ASSERT_EQ(main.unusable.size(), 1U);
  EXPECT_EQ(main.unusable[0].host, "n2");
  EXPECT_EQ(main.unusable[0].reason, "drained: fan");
  const auto gpu = nodes.supply("standard_nc6").value();
  EXPECT_EQ(gpu.nodes, 2);
  EXPECT_EQ(gpu.preparing, 1);
  EXPECT_EQ(gpu.leaving, 1);
  EXPECT_EQ(nodes.time_limit("STANDARD_NC6"), 60);
  EXPECT_FALSE(
      nodes.update(read_nodes("n1|main*|idle|infinite|4|none\nn2|main*|drained|infinite|4|fan\n"
                              "n3|gpu|mixed#|1:00:00|4|none\nn4|gpu|draining|1:00:00|4|fan\n")));
}

TEST(SlurmNodesTest, DoesNotCallForOthersJobsOnItsMachines) {
  SlurmNodes nodes({});
  EXPECT_TRUE(nodes.update(read_nodes("n1|main*|idle|infinite|4|none\n")));
  EXPECT_FALSE(nodes.update(read_nodes("n1|main*|allocated|infinite|4|none\n")));
  EXPECT_TRUE(nodes.update(read_nodes("n1|main*|completing|infinite|4|none\n")));
}

TEST(SlurmNodesTest, SaysThatThereIsNoSuchPartition) {
  SlurmNodes nodes({.partition = "STANDARD_NC6=gpu,main"});
  EXPECT_FALSE(nodes.trouble());
  nodes.update(read_nodes("n1|main*|idle|infinite|4|none\n"));
  EXPECT_THAT(nodes.trouble().value_or(""), ::testing::HasSubstr("gpu"));
  nodes.update(read_nodes("n1|main*|idle|infinite|4|none\nn2|gpu|down|infinite|4|none\n"));
  EXPECT_FALSE(nodes.trouble());
}

TEST(SlurmNodesTest, CountsSharesOfMachinesThatAreNotExclusive) {
  SlurmNodes nodes({.cpus = "8", .exclusive = false});
  nodes.update(read_nodes("n1|main*|idle|infinite|32|none\nn2|main*|idle|infinite|4|none\n"));
  EXPECT_EQ(nodes.supply("STANDARD_D2")->nodes, 5);
}

}  // namespace

}  // namespace batchai::server::test
