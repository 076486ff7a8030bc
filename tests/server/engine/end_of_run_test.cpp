#include "server/engine/local_lab.hpp"

namespace batchai::server::test {

namespace {

/// Over plain folders, for supervisors that have something to complain about.
std::unique_ptr<Engine> engine_over(const std::filesystem::path& runs) {
  return std::make_unique<LocalEngine>(LocalEngineOptions{.runs_folder = runs, .supervisor = BATCHAI_SUPERVISOR});
}

TEST(LocalEngine, KeepsAnOutcomeThatCannotBeWrittenUntilItCan) {
  const Scratch scratch;
  Service service(engine_over(scratch / "runs"));
  const Gate gate(scratch / "gate");
  const RunRecords records(scratch / "runs" / kRunId);
  service.engine->start(simple_plan(kRunId, gate.wait_command() + "; exit 7"));
  const auto in_its_place = records.folder() / "outcome.json";
  std::filesystem::create_directory(in_its_place);
  gate.open();
  EXPECT_THAT(wait_for_line(records.log_file()), ::testing::HasSubstr("outcome.json"));
  std::filesystem::remove(in_its_place);
  const auto outcome = service.wait(kRunId);
  EXPECT_EQ(outcome.kind, RunOutcome::Kind::Exited);
  EXPECT_EQ(outcome.exit_code, 7);
}

TEST(LocalEngine, KeepsRoomForTheOutcomeWhileTheRunGoesOn) {
  const Scratch scratch;
  Service service(engine_over(scratch / "runs"));
  const Gate gate(scratch / "gate");
  service.engine->start(simple_plan(kRunId, gate.wait_command()));
  const auto reserve = scratch / "runs" / kRunId / "reserve";
  EXPECT_EQ(std::filesystem::file_size(reserve), 4096U);
  gate.open();
  service.wait(kRunId);
  EXPECT_FALSE(std::filesystem::exists(reserve));
}

TEST(LocalEngine, KillsASupervisorThatDoesNotStop) {
  const Scratch scratch;
  const LocalEngineOptions options{
      .runs_folder = scratch / "runs", .supervisor = BATCHAI_SUPERVISOR, .stop_timeout = std::chrono::milliseconds(1)};
  for (const bool later : {false, true}) {
    const auto run_id = kRunId + (later ? "-later" : "");
    auto plan = simple_plan(run_id, "sleep 1000");
    plan.grace = std::chrono::milliseconds(1);
    Service service(std::make_unique<LocalEngine>(options));
    service.engine->start(plan);
    ::kill(RunRecords(scratch / "runs" / run_id).read_supervisor()->pid, SIGSTOP);
    if (later) {
      service = Service(std::make_unique<LocalEngine>(options));
    }
    service.engine->stop(run_id);
    EXPECT_EQ(service.wait(run_id).kind, RunOutcome::Kind::Lost);
    EXPECT_TRUE(processes_of_run(run_id).empty());
  }
}

TEST(LocalEngine, EndsARunAtItsLimitThoughTheJobHasStoppedTheSupervisor) {
  const Scratch scratch;
  Service service(engine_over(scratch / "runs"));
  auto plan = simple_plan(kRunId, "kill -STOP $PPID; sleep 1000");
  plan.limit = std::chrono::seconds(1);
  plan.grace = std::chrono::milliseconds(1);
  service.engine->start(plan);
  EXPECT_EQ(service.wait(kRunId).kind, RunOutcome::Kind::TimedOut);
  EXPECT_TRUE(processes_of_run(kRunId).empty());
}

TEST(LocalEngine, EndsARunAtItsLimitThoughTheJobStopsTheSupervisorAgainAndAgain) {
  const Scratch scratch;
  Service service(std::make_unique<LocalEngine>(LocalEngineOptions{.runs_folder = scratch / "runs",
                                                                   .supervisor = BATCHAI_SUPERVISOR,
                                                                   .stop_timeout = std::chrono::milliseconds(1)}));
  auto plan = simple_plan(kRunId, "while kill -STOP $PPID; do :; done");
  plan.limit = std::chrono::seconds(1);
  plan.grace = std::chrono::milliseconds(1);
  service.engine->start(plan);
  EXPECT_EQ(service.wait(kRunId).kind, RunOutcome::Kind::TimedOut);
  EXPECT_TRUE(processes_of_run(kRunId).empty());
}

TEST(LocalEngine, TellsAStopFromAFailureWhenTheProcessesAreStoppedToo) {
  // As a machine does that is shut down: everything is halted, signalled, and goes on.
  LocalLab lab;
  for (const bool preparing : {false, true}) {
    const auto run_id = kRunId + (preparing ? "-preparing" : "");
    Service service(lab.make());
    auto plan = simple_plan(run_id, "echo $$ > '" + (lab.scratch() / run_id).string() + "'; exec sleep 1000");
    if (preparing) {
      plan.preparation.swap(plan.processes);
    }
    service.engine->start(plan);
    const auto process = open_process(std::stoi(wait_for_line(lab.scratch() / run_id)));
    const auto supervisor = open_process(RunRecords(lab.scratch() / "runs" / run_id).read_supervisor()->pid);
    signal_process(supervisor, SIGSTOP);
    signal_process(supervisor, SIGTERM);
    signal_process(process, SIGTERM);
    pollfd entry{.fd = process.get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&entry, 1, 60'000), 1);
    signal_process(supervisor, SIGCONT);
    const auto outcome = service.wait(run_id);
    EXPECT_EQ(outcome.kind, RunOutcome::Kind::Stopped);
    EXPECT_EQ(outcome.exit_code, 143);
  }
}

}  // namespace

}  // namespace batchai::server::test
