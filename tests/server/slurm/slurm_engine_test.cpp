#include "server/slurm/slurm_engine.hpp"

#include "contract/engine_lab.hpp"
#include "server/run/plan_json.hpp"
#include "server/run/run_records.hpp"
#include "server/slurm/canned_commands.hpp"
#include "server/slurm/slurm_client.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>

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
  std::unique_ptr<SlurmEngine> make(std::chrono::milliseconds outcome_delay = {}, SlurmSettings settings = {},
                                    std::shared_ptr<SlurmCommands> commands = nullptr) const {
    return std::make_unique<SlurmEngine>(SlurmEngineOptions{.runs_folder = scratch_ / "runs",
                                                            .supervisor = "/opt/batchai-supervisor",
                                                            .settings = std::move(settings),
                                                            .commands = commands ? std::move(commands) : commands_,
                                                            .nodes = std::make_shared<SlurmNodes>(SlurmSettings{}),
                                                            .poll_interval = std::chrono::milliseconds(1),
                                                            .outcome_delay = outcome_delay,
                                                            .submit_again = std::chrono::milliseconds(1)});
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
  void job(const std::string& fields) const { job(CommandResult{.output = fields}); }
  void job(const CommandResult& answer) const {
    commands_->answer_by("scontrol", [answer](const auto& words) {
      return words.front() == "ping" ? CommandResult{.output = "Slurmctld(primary) at here is UP"} : answer;
    });
  }
  /// A run of an earlier engine.
  RunRecords earlier_run(const std::string& run_id, const std::string& slurm_job) const {
    const auto folder = scratch_ / "runs" / run_id;
    std::filesystem::create_directories(folder);
    auto earlier = plan();
    earlier.run_id = run_id;
    std::ofstream(folder / "plan.json") << plan_to_json(earlier);
    std::ofstream(folder / "slurm-job") << slurm_job;
    return RunRecords(folder);
  }
  /// Two looks at the queue that begin from now on.
  bool looks() const { return commands_->wait_for("squeue", commands_->calls("squeue").size() + 3); }

  Scratch scratch_;
  std::shared_ptr<CannedCommands> commands_ = std::make_shared<CannedCommands>();
};

TEST_F(SlurmEngineTest, SubmitsARunWithoutItsSecrets) {
  const auto engine = make();
  queue("PENDING", "Priority");  // what is not there would be over, and its plan removed
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
  queue("RUNNING");
  ASSERT_TRUE(looks());
  EXPECT_FALSE(engine->progress("run-1").value_or(RunProgress{.waits = true}).waits);
}

TEST_F(SlurmEngineTest, FailsARunThatSlurmRefuses) {
  Service service(make());
  commands_->answer("sbatch", {.exit_code = 1, .errors = "sbatch: error: invalid partition specified: x\n"});
  const auto outcome = service.run(plan());
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_THAT(outcome.message, HasSubstr("invalid partition"));
}

TEST_F(SlurmEngineTest, LooksForAJobBeforeItSubmitsAgain) {
  const auto submitted = std::make_shared<std::atomic<bool>>(false);
  commands_->answer_by("sbatch", [submitted](const auto&) {
    return submitted->exchange(true)
               ? CommandResult{.output = "2\n"}
               : CommandResult{.exit_code = 1, .errors = "sbatch: error: Socket timed out on send/recv operation"};
  });
  commands_->answer_by("squeue", [submitted](const auto&) {
    return CommandResult{.output = *submitted ? "1|RUNNING|batchai:run-1|None\n" : ""};
  });
  auto engine = make();
  engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  engine.reset();  // as in a crash: it does not know whether Slurm has the job
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
  ASSERT_TRUE(looks());
  commands_->answer("squeue", {.output = "1|RUNNING|batchai:run-1|None\n9|PENDING|batchai:run-1|Resources\n"});
  EXPECT_TRUE(commands_->wait_for("scancel --quiet 9"));
}

TEST_F(SlurmEngineTest, LosesARunThatSlurmHasPutBackIntoItsQueue) {
  Service service(make());
  queue("RUNNING");
  service.engine->start(plan());
  ASSERT_TRUE(looks());
  RunRecords(scratch_ / "runs/run-1").write_supervisor({.pid = 1});
  ASSERT_TRUE(commands_->wait_for("squeue", commands_->calls("squeue").size() + 2));
  queue("PENDING", "BeginTime");
  EXPECT_EQ(service.wait("run-1").kind, Kind::Lost);
  EXPECT_TRUE(commands_->wait_for("scancel --quiet 1"));
}

TEST_F(SlurmEngineTest, LosesARunThatBeganAndWasPutBackBetweenTwoLooks) {
  Service service(make());
  queue("PENDING", "Resources");
  service.engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  ASSERT_TRUE(looks());
  RunRecords(scratch_ / "runs/run-1").write_supervisor({.pid = 1});
  queue("PENDING", "BeginTime");
  EXPECT_EQ(service.wait("run-1").kind, Kind::Lost);
}

TEST_F(SlurmEngineTest, TakesTheOutcomeOfTheSupervisor) {
  Service service(make());
  queue("RUNNING");
  service.engine->start(plan());
  ASSERT_TRUE(looks());
  RunRecords(scratch_ / "runs/run-1").write_outcome({.kind = Kind::Exited, .exit_code = 4});
  queue("FAILED");
  EXPECT_EQ(service.wait("run-1").exit_code, 4);
}

TEST_F(SlurmEngineTest, SeesAnOutcomeBeforeSlurmSaysThatTheJobHasBegun) {
  Service service(make());
  queue("PENDING", "Resources");
  service.engine->start(plan());
  ASSERT_TRUE(looks());
  RunRecords(scratch_ / "runs/run-1").write_outcome({.kind = Kind::Exited, .exit_code = 4});
  EXPECT_EQ(service.wait("run-1").exit_code, 4);
}

TEST_F(SlurmEngineTest, LooksIntoTheFolderAnewBeforeItTakesARunForLost) {
  const auto records = earlier_run("run-1", "1");
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  queue("COMPLETED");
  commands_->answer_by("scontrol", [&](const auto& words) {
    if (words.front() != "ping") {
      // As a network file system shows it: only after a change of the folder by this machine.
      records.write_outcome({.kind = Kind::Exited, .exit_code = 0});
      std::filesystem::last_write_time(records.folder(), long_ago);
    }
    return CommandResult{.output = words.front() == "ping" ? "is UP" : "JobState=COMPLETED ExitCode=0:0"};
  });
  Service service(make());
  EXPECT_EQ(service.wait("run-1").kind, Kind::Exited);
  EXPECT_NE(std::filesystem::last_write_time(records.folder()), long_ago);
}

TEST_F(SlurmEngineTest, WaitsForAnOutcomeThatDoesNotShowYetAndAsksSlurmOnce) {
  const auto records = earlier_run("run-1", "1");
  queue("COMPLETED");
  job("JobState=COMPLETED ExitCode=0:0");
  Service service(make(std::chrono::hours(1)));
  ASSERT_TRUE(commands_->wait_for("scontrol --oneliner show job 1"));
  ASSERT_TRUE(looks());
  EXPECT_FALSE(service.engine->outcome("run-1"));
  EXPECT_THAT(commands_->calls("scontrol --oneliner show job 1"), SizeIs(1));
  records.write_outcome({.kind = Kind::Exited, .exit_code = 0});
  EXPECT_EQ(service.wait("run-1").kind, Kind::Exited);
}

TEST_F(SlurmEngineTest, TellsAtOnceThatANodeDoesNotHaveTheSupervisor) {
  earlier_run("run-1", "1");
  queue("FAILED");
  job("JobState=FAILED ExitCode=2:0 BatchHost=n2");
  const auto outcome = Service(make(std::chrono::hours(1))).wait("run-1");
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_EQ(outcome.message, "node n2 cannot run /opt/batchai-supervisor");
}

TEST_F(SlurmEngineTest, WaitsForTheOutcomeOfAJobThatHasSuchACodeItself) {
  const auto records = earlier_run("run-1", "1");
  std::filesystem::remove(records.folder() / "plan.json");
  queue("FAILED");
  job("JobState=FAILED ExitCode=2:0 BatchHost=n2");
  Service service(make(std::chrono::hours(1)));
  ASSERT_TRUE(commands_->wait_for("scontrol --oneliner show job 1"));
  ASSERT_TRUE(looks());
  records.write_outcome({.kind = Kind::Exited, .exit_code = 2});
  EXPECT_EQ(service.wait("run-1").exit_code, 2);
}

TEST_F(SlurmEngineTest, WaitsForTheOutcomeOfAJobThatSlurmHasForgotten) {
  const auto records = earlier_run("run-1", "1");
  job(CommandResult{.exit_code = 1, .errors = "slurm_load_jobs error: Invalid job id specified"});
  Service service(make(std::chrono::hours(1)));
  ASSERT_TRUE(commands_->wait_for("sacct"));
  ASSERT_TRUE(looks());
  EXPECT_FALSE(service.engine->outcome("run-1"));
  records.write_outcome({.kind = Kind::Exited, .exit_code = 0});
  EXPECT_EQ(service.wait("run-1").kind, Kind::Exited);
}

TEST_F(SlurmEngineTest, LosesAJobThatOnlyTheAccountingTakesForRunning) {
  earlier_run("run-1", "1");
  job(CommandResult{.exit_code = 1, .errors = "slurm_load_jobs error: Invalid job id specified"});
  commands_->answer("sacct", {.output = "RUNNING|0:0|n1\n"});
  Service service(make());
  EXPECT_EQ(service.wait("run-1").kind, Kind::Lost);
}

TEST_F(SlurmEngineTest, WaitsForTheAccountingThatDoesNotAnswer) {
  earlier_run("run-1", "1");
  job(CommandResult{.exit_code = 1, .errors = "slurm_load_jobs error: Invalid job id specified"});
  commands_->answer("sacct", {.exit_code = 1, .errors = "sacct: error: Unable to connect to slurmdbd"});
  const auto engine = make();
  ASSERT_TRUE(commands_->wait_for("sacct"));
  ASSERT_TRUE(commands_->wait_for("scontrol ping", commands_->calls("scontrol ping").size() + 1));
  EXPECT_FALSE(engine->outcome("run-1"));
  EXPECT_THAT(engine->trouble().value_or(""), HasSubstr("slurmdbd"));
}

TEST_F(SlurmEngineTest, LeavesSlurmAloneAfterOneAnswerThatDoesNotCome) {
  earlier_run("run-1", "1");
  earlier_run("run-2", "2");
  job(CommandResult{.timed_out = true});
  const auto engine = make();
  ASSERT_TRUE(commands_->wait_for("scontrol --oneliner show job", 2));
  const auto calls = commands_->calls("scontrol");
  const auto asks = [](const std::string& line) { return line.find("show job") != std::string::npos; };
  const auto at_once = [&](const auto& one, const auto& other) { return asks(one) && asks(other); };
  EXPECT_EQ(std::ranges::adjacent_find(calls, at_once), calls.end()) << "there is a ping between two";
}

TEST_F(SlurmEngineTest, KeepsARunWhoseNumberAnotherJobHasGot) {
  const auto records = earlier_run("run-1", "1");
  const auto supervisor = records.try_lock();
  commands_->answer("squeue", {.output = "1|COMPLETED|batchai:run-2|None\n"});
  job("JobId=1 JobState=COMPLETED ExitCode=0:0 Comment=batchai:run-2");
  Service service(make());
  ASSERT_TRUE(commands_->wait_for("scontrol --oneliner show job 1"));
  ASSERT_TRUE(looks());
  EXPECT_FALSE(service.engine->outcome("run-1"));
  records.write_outcome({.kind = Kind::Exited, .exit_code = 0});
  EXPECT_EQ(service.wait("run-1").kind, Kind::Exited);
}

TEST_F(SlurmEngineTest, AsksSlurmWhoEndedProcessesBySignals) {
  const auto records = earlier_run("run-1", "1");
  records.write_outcome({.kind = Kind::Exited, .exit_code = 143});
  queue("CANCELLED");
  job("JobState=CANCELLED ExitCode=0:15 Restarts=0");
  Service service(make());
  EXPECT_EQ(service.wait("run-1").kind, Kind::Cancelled);
}

TEST_F(SlurmEngineTest, DoesNotStopAtARecordThatCannotBeRead) {
  std::filesystem::create_directories(scratch_ / "runs/run-0/outcome.json");
  earlier_run("run-0", "7");
  commands_->answer("squeue", {.output = "7|RUNNING|batchai:run-0|None\n"});
  const auto engine = make();
  engine->start(plan());
  EXPECT_TRUE(commands_->wait_for("sbatch"));
  EXPECT_FALSE(engine->outcome("run-0"));
}

TEST_F(SlurmEngineTest, FindsTheJobWhoseNumberACrashHasLost) {
  earlier_run("run-1", "");
  queue("RUNNING");
  const auto engine = make();
  engine->stop("run-1");
  EXPECT_TRUE(commands_->wait_for("scancel --quiet --batch --signal=TERM 1"));
  EXPECT_THAT(commands_->calls("sbatch"), IsEmpty());
}

TEST_F(SlurmEngineTest, KeepsTheJobThatRunsOfTwo) {
  commands_->answer("sbatch", {.timed_out = true});
  const auto engine = make();
  engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  // The first submission gets through after the second one.
  commands_->answer("sbatch", {.output = "8\n"});
  ASSERT_TRUE(commands_->wait_for("sbatch", 2));
  commands_->answer("squeue", {.output = "8|PENDING|batchai:run-1|None\n7|RUNNING|batchai:run-1|None\n"});
  EXPECT_TRUE(commands_->wait_for("scancel --quiet 8"));
  ASSERT_TRUE(looks());
  EXPECT_THAT(commands_->calls("scancel --quiet 7"), IsEmpty());
  EXPECT_FALSE(engine->outcome("run-1"));
}

TEST_F(SlurmEngineTest, KnowsItsJobWhoseCommentSomebodyHasChanged) {
  earlier_run("run-1", "1");
  commands_->answer("squeue", {.output = "1|PENDING|cost centre 5|Resources\n"});
  job("JobState=PENDING ExitCode=0:0");
  const auto engine = make();
  ASSERT_TRUE(looks());
  EXPECT_FALSE(engine->outcome("run-1"));
  EXPECT_EQ(engine->progress("run-1").value_or(RunProgress{}).reason, "Resources");
}

TEST_F(SlurmEngineTest, SubmitsAgainWhatSlurmDoesNotTakeForNow) {
  const std::string drained =
      "sbatch: error: Batch job submission failed: Required partition not available (inactive or "
      "drain)";
  commands_->answer("sbatch", {.exit_code = 1, .errors = drained});
  const auto engine = make();
  engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch", 2));
  EXPECT_FALSE(engine->outcome("run-1"));
  EXPECT_THAT(engine->progress("run-1").value_or(RunProgress{}).reason, HasSubstr("NotSubmitted: " + drained));
  commands_->answer("sbatch", {.output = "1\n"});
  queue("PENDING", "Priority");
  ASSERT_TRUE(looks());
  EXPECT_FALSE(engine->outcome("run-1"));
}

TEST_F(SlurmEngineTest, SaysThatSubmissionsFail) {
  commands_->answer("sbatch", {.exit_code = 1, .errors = "sbatch: error: Unable to open file x"});
  const auto engine = make();
  engine->start(plan());
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  ASSERT_TRUE(looks());
  EXPECT_THAT(engine->trouble().value_or(""), HasSubstr("Unable to open file x"));
  EXPECT_THAT(engine->progress("run-1").value_or(RunProgress{}).reason, HasSubstr("Unable to open file x"));
}

/// No sbatch ends before this many are on their way.
class SubmissionsSideBySide final : public SlurmCommands {
 public:
  SubmissionsSideBySide(std::shared_ptr<SlurmCommands> commands, int count)
      : commands_(std::move(commands)), count_(count) {}

  CommandResult run(const std::string& program, std::vector<std::string> arguments,
                    std::chrono::milliseconds timeout) override {
    if (program == "sbatch") {
      std::unique_lock lock(mutex_);
      ++begun_;
      begun_one_.notify_all();
      if (!begun_one_.wait_for(lock, std::chrono::minutes(1), [this] { return begun_ >= count_; })) {
        return {.exit_code = 1, .errors = "invalid: alone"};
      }
    }
    return commands_->run(program, std::move(arguments), timeout);
  }

 private:
  const std::shared_ptr<SlurmCommands> commands_;
  const int count_;
  std::mutex mutex_;
  std::condition_variable begun_one_;
  int begun_ = 0;
};

TEST_F(SlurmEngineTest, SubmitsSomeRunsSideBySide) {
  commands_->answer("scontrol", {.output = "Slurmctld(primary) at here is DOWN\n"});
  commands_->answer("squeue", {.output = "1|PENDING|batchai:run-1|Priority\n2|PENDING|batchai:run-2|Priority\n"
                                         "3|PENDING|batchai:run-3|Priority\n"});
  const auto engine = make({}, {}, std::make_shared<SubmissionsSideBySide>(commands_, 3));
  for (const char* run_id : {"run-1", "run-2", "run-3"}) {
    auto one = plan();
    one.run_id = run_id;
    engine->start(one);
  }
  commands_->answer("scontrol", {.output = "Slurmctld(primary) at here is UP\n"});
  ASSERT_TRUE(commands_->wait_for("sbatch", 3));
  ASSERT_TRUE(looks());
  for (const char* run_id : {"run-1", "run-2", "run-3"}) {
    EXPECT_EQ(engine->progress(run_id).value_or(RunProgress{}).reason, "Priority") << run_id;
  }
}

TEST_F(SlurmEngineTest, KnowsThePartitionsBeforeItSubmits) {
  commands_->answer("scontrol", {.output = "Slurmctld(primary) at here is DOWN\n"});
  commands_->answer("sinfo", {.output = "n1|main*|idle|1:00:00|4|none\n"});
  const auto engine = make();
  auto long_run = plan();
  long_run.limit = std::chrono::hours(24 * 7);
  engine->start(long_run);
  ASSERT_TRUE(commands_->wait_for("scontrol ping"));
  job("");
  ASSERT_TRUE(commands_->wait_for("sbatch"));
  EXPECT_THAT(commands_->calls("sbatch").front(), HasSubstr("--time=60 "));
}

TEST_F(SlurmEngineTest, GivesJobsTheFolderOfSlurmsCommands) {
  const auto engine = make({}, {.commands = "/opt/slurm/bin"});
  std::ifstream file(scratch_ / "runs/.environment");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text, HasSubstr("PATH=/opt/slurm/bin:"));
}

TEST_F(SlurmEngineTest, EndsAJobAtOnceWhoseMachineIsNotReadyForASignal) {
  earlier_run("run-1", "1");
  queue("CONFIGURING");
  const auto engine = make();
  ASSERT_TRUE(looks());
  engine->stop("run-1");
  EXPECT_TRUE(commands_->wait_for("scancel --quiet 1"));
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
