#include "server/slurm/slurm_engine.hpp"

#include "contract/engine_lab.hpp"
#include "server/run/run_records.hpp"
#include "server/slurm/canned_commands.hpp"
#include "server/slurm/slurm_client.hpp"

#include <gmock/gmock.h>

namespace batchai::server::test {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = RunOutcome::Kind;

class SlurmEngineTest : public ::testing::Test {
 protected:
  std::unique_ptr<SlurmEngine> make() const {
    return std::make_unique<SlurmEngine>(SlurmEngineOptions{.runs_folder = scratch_ / "runs",
                                                            .supervisor = "/opt/batchai-supervisor",
                                                            .settings = {},
                                                            .commands = commands_,
                                                            .nodes = std::make_shared<SlurmNodes>(SlurmSettings{}),
                                                            .poll_interval = std::chrono::milliseconds(1),
                                                            .outcome_delay = std::chrono::milliseconds(0)});
  }
  static RunPlan plan() {
    return {.run_id = "run-1",
            .name = "my job",
            .node_kind = "STANDARD_D2",
            .nodes = {{.id = "node-1", .address = "node-1.batchai.invalid"}},
            .environment = {{"TOKEN", "hunter2-value"}},
            .limit = std::chrono::seconds(90)};
  }
  /// What squeue says of the run's job from now on.
  void queue(const std::string& state, const std::string& reason = "None") const {
    commands_->answer("squeue", {.output = "1|" + state + "|batchai:run-1|" + reason + "\n"});
  }
  void job(const std::string& fields) const {
    commands_->answer_by("scontrol", [fields](const auto& words) {
      return CommandResult{.output = words.front() == "ping" ? "Slurmctld(primary) at here is UP" : fields};
    });
  }

  Scratch scratch_;
  std::shared_ptr<CannedCommands> commands_ = std::make_shared<CannedCommands>();
};

TEST_F(SlurmEngineTest, SubmitsARunWithoutItsSecrets) {
  const auto engine = make();
  engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  const auto line = commands_->calls("sbatch").front();
  for (const char* word :
       {"--parsable", "--job-name=batchai-my_job", "--comment=batchai:run-1", "--nodes=1", "--exclusive", "--time=3",
        "--nice=1000", "/.script", "/runs/run-1 /opt/batchai-supervisor"}) {
    EXPECT_THAT(line, HasSubstr(word));
  }
  EXPECT_THAT(line, ::testing::Not(HasSubstr("hunter2")));
  const auto status = std::filesystem::status(scratch_ / "runs/run-1/plan.json");
  EXPECT_EQ(status.permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(SlurmEngineTest, TellsWhatARunWaitsForAndThatItRuns) {
  const auto engine = make();
  auto heard = std::make_shared<Ended>();
  queue("PENDING", "Priority");
  engine->on_progress([heard](const std::string& run_id) { (*heard)(run_id); });
  engine->start(plan());
  ASSERT_TRUE(heard->wait_for("run-1"));
  const auto progress = engine->progress("run-1");
  ASSERT_TRUE(progress);
  EXPECT_TRUE(progress->waits);
  EXPECT_EQ(progress->reason, "Priority");
}

TEST_F(SlurmEngineTest, FailsARunThatSlurmRefuses) {
  Service service(make());
  commands_->answer("sbatch", {.exit_code = 1, .errors = "sbatch: error: invalid partition specified: x\n"});
  const auto outcome = service.run(plan());
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_THAT(outcome.message, HasSubstr("invalid partition"));
}

TEST_F(SlurmEngineTest, LooksForAJobBeforeItSubmitsAgain) {
  commands_->answer("sbatch", {.exit_code = 1, .errors = "sbatch: error: Socket timed out on send/recv operation"});
  auto engine = make();
  engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  engine.reset();  // as in a crash: it does not know whether Slurm has the job
  queue("RUNNING");
  commands_->answer("sbatch", {.output = "2\n"});
  engine = make();
  ASSERT_TRUE(commands_->wait_for("squeue", 3));
  EXPECT_THAT(commands_->calls("sbatch"), SizeIs(1));
  EXPECT_FALSE(engine->outcome("run-1"));
  engine->stop("run-1");
  ASSERT_TRUE(commands_->wait_for("scancel --quiet --batch --signal=TERM 1"));
}

TEST_F(SlurmEngineTest, SubmitsWhatAnEarlierEngineDidNot) {
  commands_->answer("scontrol", {.output = "Slurmctld(primary) at here is DOWN\n"});
  auto engine = make();
  engine->start(plan());
  EXPECT_TRUE(commands_->wait_for("scontrol ping"));
  engine.reset();
  EXPECT_THAT(commands_->calls("sbatch"), IsEmpty());
  job("");
  engine = make();
  EXPECT_TRUE(commands_->wait_for("sbatch"));
}

TEST_F(SlurmEngineTest, EndsTheSecondJobOfARun) {
  const auto engine = make();
  queue("PENDING");
  engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  commands_->answer("squeue", {.output = "1|RUNNING|batchai:run-1|None\n9|PENDING|batchai:run-1|Resources\n"});
  EXPECT_TRUE(commands_->wait_for("scancel --quiet 9"));
}

TEST_F(SlurmEngineTest, LosesARunThatSlurmHasPutBackIntoItsQueue) {
  Service service(make());
  queue("RUNNING");
  service.engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  RunRecords(scratch_ / "runs/run-1").write_supervisor({.pid = 1});
  ASSERT_TRUE(commands_->wait_for("squeue", commands_->calls("squeue").size() + 2));
  queue("PENDING", "BeginTime");
  EXPECT_EQ(service.wait("run-1").kind, Kind::Lost);
  EXPECT_TRUE(commands_->wait_for("scancel --quiet 1"));
}

TEST_F(SlurmEngineTest, TakesTheOutcomeOfTheSupervisor) {
  Service service(make());
  queue("RUNNING");
  service.engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  RunRecords(scratch_ / "runs/run-1").write_outcome({.kind = Kind::Exited, .exit_code = 4});
  queue("FAILED");
  EXPECT_EQ(service.wait("run-1").exit_code, 4);
}

TEST_F(SlurmEngineTest, AsksSlurmWhatBecameOfAJobThatIsGone) {
  Service service(make());
  job("JobId=1 JobState=NODE_FAIL Reason=NodeDown Restarts=0 ExitCode=0:0 BatchHost=n2");
  service.engine->start(plan());
  const auto outcome = service.wait("run-1");
  EXPECT_EQ(outcome.kind, Kind::Lost);
  EXPECT_THAT(outcome.message, HasSubstr("n2"));
}

TEST_F(SlurmEngineTest, StopsARunBeforeItIsSubmitted) {
  commands_->answer("scontrol", {.output = "Slurmctld(primary) at here is DOWN\n"});
  Service service(make());
  service.engine->start(plan());
  service.engine->stop("run-1");
  job("");
  EXPECT_EQ(service.wait("run-1").kind, Kind::Stopped);
  EXPECT_THAT(commands_->calls("sbatch"), IsEmpty());
}

TEST_F(SlurmEngineTest, AnswersWhileTheControllerIsAway) {
  commands_->answer("scontrol", {.output = "Slurmctld(primary) at here is DOWN\n"});
  const auto engine = make();
  engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("scontrol ping"));
  EXPECT_FALSE(engine->outcome("run-1"));
  EXPECT_THAT(commands_->calls("squeue"), IsEmpty());
  EXPECT_TRUE(engine->trouble());
}

TEST(SlurmSubmission, AsksForWhatTheSettingsSay) {
  const SlurmSettings settings{.partition = "STANDARD_NC12=gpu",
                               .constraint = "fast",
                               .account = "a",
                               .qos = "q",
                               .gres = "gpu:v100",
                               .cpus = "4",
                               .memory = "8G",
                               .exclusive = false,
                               .nice_step = 10};
  const SlurmRequest request{
      .run_id = "r", .name = "n", .node_kind = "STANDARD_NC12", .rank = 2, .nodes = 2, .gpus = 2};
  EXPECT_THAT(submission_options(request, settings, std::nullopt),
              ::testing::IsSupersetOf({"--partition=gpu", "--constraint=fast", "--account=a", "--qos=q",
                                       "--gres=gpu:v100:2", "--cpus-per-task=4", "--mem=8G", "--ntasks-per-node=1",
                                       "--nodes=2", "--nice=20", "--wait-all-nodes=1"}));
}

TEST(SlurmSubmission, AsksForNoMoreTimeThanThePartitionGives) {
  const SlurmRequest request{.run_id = "r", .limit = std::chrono::hours(24 * 7)};
  EXPECT_THAT(submission_options(request, {}, 60), ::testing::Contains("--time=60"));
  EXPECT_THAT(submission_options(request, {}, std::nullopt), ::testing::Contains("--time=10081"));
}

}  // namespace

}  // namespace batchai::server::test
