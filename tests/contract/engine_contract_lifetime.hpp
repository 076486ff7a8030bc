#pragma once

#include "contract/engine_lab.hpp"

namespace batchai::server::test {

TEST_P(EngineContract, LastsUntilAllProcessesThatCountHaveEnded) {
  // The second ends when the first is not only over but collected: it is known as the first to fail.
  const std::string until_collected =
      "until [ -s first ]; do sleep 0.01; done; while kill -0 $(cat first) 2> /dev/null; do sleep 0.01; done; ";
  service.engine->start(plan(kRunId, {"echo $$ > first; exit 5", until_collected + "echo late; exit 6"}));
  EXPECT_EQ(service.wait(kRunId).exit_code, 5);
  EXPECT_EQ(text("p1.out"), "late\n");
}

TEST_P(EngineContract, StopsProcessesThatDoNotCountWhenTheOthersHaveEnded) {
  auto planned = plan(kRunId, {"cat gate > /dev/null", "echo $$ > server.pid; exec sleep 1000"});
  const Gate gate(scratch / "gate");
  planned.processes[0].command = gate.wait_command();
  planned.processes[1].determines_exit = false;
  service.engine->start(planned);
  const auto server = pid_in("server.pid");
  gate.open();
  const auto outcome = service.wait(kRunId);
  EXPECT_EQ(outcome.kind, Kind::Exited);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(is_gone(server));
}

TEST_P(EngineContract, IgnoresTheFailureOfProcessesThatDoNotCount) {
  const Gate gate(scratch / "gate");
  auto planned = plan(kRunId, {gate.wait_command(), "echo x > failed; exit 9"});
  planned.processes[1].determines_exit = false;
  service.engine->start(planned);
  wait_for_line(scratch / "failed");
  gate.open();
  EXPECT_EQ(service.wait(kRunId).exit_code, 0);
}

TEST_P(EngineContract, StopEndsARunSoftly) {
  service.engine->start(
      plan(kRunId, {"trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 1000 & wait $!; done"}));
  wait_for_line(scratch / "p0.out");
  service.engine->stop(kRunId);
  const auto outcome = service.wait(kRunId);
  EXPECT_EQ(outcome.kind, Kind::Stopped);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(text("p0.out"), "up\nbye\n");
}

TEST_P(EngineContract, StopReachesProcessesThatAreSuspended) {
  auto planned =
      plan(kRunId, {"trap 'echo bye; exit 3' TERM; echo $$ > suspended; kill -STOP $$",
                    "until grep -q ') T ' /proc/$(cat suspended)/stat; do sleep 0.01; done; echo up; sleep 1000"});
  planned.grace = std::chrono::seconds(60);
  service.engine->start(planned);
  wait_for_line(scratch / "p1.out");
  service.engine->stop(kRunId);
  EXPECT_EQ(service.wait(kRunId).kind, Kind::Stopped);
  EXPECT_EQ(text("p0.out"), "bye\n");
}

TEST_P(EngineContract, StopKillsProcessesThatIgnoreTheSoftSignal) {
  auto planned =
      plan(kRunId, {"trap '' TERM; (trap '' TERM; echo $BASHPID > child; sleep 1000) & echo $$ > parent; wait"});
  planned.grace = std::chrono::milliseconds(200);
  service.engine->start(planned);
  const auto child = pid_in("child");
  const auto parent = pid_in("parent");
  service.engine->stop(kRunId);
  const auto outcome = service.wait(kRunId);
  EXPECT_EQ(outcome.kind, Kind::Stopped);
  EXPECT_EQ(outcome.exit_code, 137);
  EXPECT_TRUE(is_gone(child));
  EXPECT_TRUE(is_gone(parent));
  EXPECT_TRUE(processes_of_run(kRunId).empty());
}

TEST_P(EngineContract, LeavesNoDaemonsBehind) {
  // In a session of its own, without the run's mark, its parent gone.
  service.engine->start(
      plan(kRunId, {"mkfifo up; (env -i setsid bash -c 'echo $$ > daemon; echo > up; exec sleep 1000' &); "
                    "read _ < up"}));
  const auto daemon = pid_in("daemon");
  EXPECT_EQ(service.wait(kRunId).exit_code, 0);
  EXPECT_TRUE(is_gone(daemon));
}

TEST_P(EngineContract, EndsARunAtItsTimeLimit) {
  auto planned = plan(kRunId, {"sleep 1000"});
  planned.limit = std::chrono::seconds(1);
  const auto outcome = service.run(planned);
  EXPECT_EQ(outcome.kind, Kind::TimedOut);
  EXPECT_EQ(outcome.exit_code, 143);
  EXPECT_GE(outcome.ended - *outcome.started, std::chrono::seconds(1));
}

TEST_P(EngineContract, CountsPreparationTowardsTheTimeLimit) {
  auto planned = plan(kRunId, {"true"});
  planned.preparation = {process("prep", "sleep 1000")};
  planned.limit = std::chrono::seconds(1);
  EXPECT_EQ(service.run(planned).kind, Kind::TimedOut);
}

TEST_P(EngineContract, RunsPlansSideBySide) {
  const Gate first_gate(scratch / "gate1");
  const Gate second_gate(scratch / "gate2");
  service.engine->start(plan("first", {first_gate.wait_command() + "; exit 1"}));
  auto second = plan("second", {});
  second.processes = {process("other", second_gate.wait_command() + "; exit 2")};
  service.engine->start(second);
  second_gate.open();
  EXPECT_EQ(service.wait("second").exit_code, 2);
  EXPECT_FALSE(service.engine->outcome("first"));
  first_gate.open();
  EXPECT_EQ(service.wait("first").exit_code, 1);
}

TEST_P(EngineContract, StartingARunTwiceRunsItOnce) {
  const Gate gate(scratch / "gate");
  const auto planned = plan(kRunId, {"echo once >> count; " + gate.wait_command()});
  service.engine->start(planned);
  service.engine->start(planned);
  gate.open();
  service.wait(kRunId);
  service.engine->start(planned);
  EXPECT_EQ(service.engine->outcome(kRunId)->exit_code, 0);
  EXPECT_EQ(text("count"), "once\n");
}

TEST_P(EngineContract, AnUnknownRunIsLost) {
  EXPECT_EQ(service.engine->outcome("never")->kind, Kind::Lost);
  service.engine->stop("never");
  service.engine->release("never");
}

TEST_P(EngineContract, ForgetsAReleasedRunButNotItsOutput) {
  service.run(plan(kRunId, {"echo kept"}));
  service.engine->release(kRunId);
  EXPECT_EQ(service.engine->outcome(kRunId)->kind, Kind::Lost);
  EXPECT_EQ(Service(lab->make()).engine->outcome(kRunId)->kind, Kind::Lost);
  EXPECT_EQ(text("p0.out"), "kept\n");
}

TEST_P(EngineContract, DoesNotReleaseARunThatGoesOn) {
  const Gate gate(scratch / "gate");
  service.engine->start(plan(kRunId, {gate.wait_command()}));
  service.engine->release(kRunId);
  gate.open();
  EXPECT_EQ(service.wait(kRunId).exit_code, 0);
}

TEST_P(EngineContract, StoppingAnEndedRunChangesNothing) {
  service.run(plan(kRunId, {"exit 2"}));
  service.engine->stop(kRunId);
  EXPECT_EQ(service.engine->outcome(kRunId)->kind, Kind::Exited);
}

TEST_P(EngineContract, ALaterEngineTakesUpARunThatGoesOn) {
  const Gate gate(scratch / "gate");
  service.engine->start(plan(kRunId, {"echo up; " + gate.wait_command() + "; exit 8"}));
  wait_for_line(scratch / "p0.out");
  service.engine.reset();
  Service later(lab->make());
  EXPECT_FALSE(later.engine->outcome(kRunId));
  gate.open();
  EXPECT_EQ(later.wait(kRunId).exit_code, 8);
}

TEST_P(EngineContract, ALaterEngineStopsARunOfAnEarlierOne) {
  service.engine->start(plan(kRunId, {"echo up; sleep 1000"}));
  wait_for_line(scratch / "p0.out");
  service.engine.reset();
  Service later(lab->make());
  later.engine->stop(kRunId);
  EXPECT_EQ(later.wait(kRunId).kind, Kind::Stopped);
  EXPECT_TRUE(processes_of_run(kRunId).empty());
}

TEST_P(EngineContract, ALaterEngineFindsTheOutcomeOfARunThatEndedMeanwhile) {
  auto watching = std::make_unique<Service>(lab->make());
  const Gate gate(scratch / "gate");
  service.engine->start(plan(kRunId, {"echo up; " + gate.wait_command() + "; exit 9"}));
  wait_for_line(scratch / "p0.out");
  service.engine.reset();
  watching = std::make_unique<Service>(lab->make());  // knows the run, and tells the test that it has ended
  gate.open();
  watching->wait(kRunId);
  watching.reset();
  Service later(lab->make());
  EXPECT_EQ(later.engine->outcome(kRunId)->exit_code, 9);
  EXPECT_EQ(later.wait(kRunId).kind, Kind::Exited);
}

TEST_P(EngineContract, ARunThatLosesItsSupervisionIsLostAndLeavesNoProcess) {
  std::filesystem::create_directories(scratch / "share");
  auto planned =
      plan(kRunId, {"(setsid bash -c 'echo $$ > grandchild; sleep 1000; true' &); echo $$ > child; sleep 1000"});
  planned.mounts = {{scratch / "mounted", scratch / "share"}};
  service.engine->start(planned);
  const auto child = pid_in("child");
  const auto grandchild = pid_in("grandchild");
  lab->break_supervision(kRunId);
  EXPECT_EQ(service.wait(kRunId).kind, Kind::Lost);
  EXPECT_TRUE(is_gone(child));
  EXPECT_TRUE(is_gone(grandchild));
  EXPECT_FALSE(std::filesystem::is_symlink(scratch / "mounted"));
}

TEST_P(EngineContract, ALaterEngineClosesARunThatLostItsSupervisionMeanwhile) {
  service.engine->start(plan(kRunId, {"setsid sleep 1000 & echo $! > child; wait"}));
  const auto child = pid_in("child");
  service.engine.reset();
  lab->break_supervision(kRunId);
  Service later(lab->make());
  EXPECT_EQ(later.wait(kRunId).kind, Kind::Lost);
  EXPECT_TRUE(processes_of_run(kRunId).empty());
  EXPECT_TRUE(is_gone(child));
}

}  // namespace batchai::server::test
