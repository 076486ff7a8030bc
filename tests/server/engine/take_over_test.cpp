#include "server/engine/local_lab.hpp"
#include "server/run/plan_json.hpp"

#include <thread>

#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace batchai::server::test {

namespace {

/// A supervisor that does `first`, gives no answer and leaves something running. The run folder is `$1`, the lock 9.
std::filesystem::path silent_supervisor(const Scratch& scratch, const std::string& first,
                                        const std::string& left_running) {
  const auto program = scratch / "silent";
  std::ofstream(program) << "#!/bin/bash\n"
                         << "cd '" << scratch.path().string() << "'\ncat > plan\n"
                         << "exec > /dev/null 9<> \"$1/lock\"\n"
                         << first << "\n(" << left_running << ") &\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  return program;
}

TEST(LocalEngine, IsNotRunByASupervisorThatComesTooLate) {
  const Scratch scratch;
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // to see when the late one has ended
  const Gate gate(scratch / "gate");
  const auto late = silent_supervisor(
      scratch, "true", gate.wait_command() + "; exec '" + BATCHAI_SUPERVISOR + "' \"$1\" < plan > answer 9>&-");
  LocalEngine engine({.runs_folder = scratch / "runs", .supervisor = late});
  EXPECT_THROW(engine.start(simple_plan(kRunId, "echo ran > '" + (scratch / "ran").string() + "'")),
               std::runtime_error);
  gate.open();
  while (::wait(nullptr) > 0) {
  }
  EXPECT_EQ(read_text(scratch / "answer"), "taken over\n") << "by another one, so to say";
  EXPECT_FALSE(std::filesystem::exists(scratch / "ran"));
}

/// Starts a supervisor by hand, waits until everything that it has left running has ended, and returns what it said.
std::string supervise_by_hand(const Scratch& scratch, const RunRecords& records, const RunPlan& plan) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::ofstream(scratch / "plan") << plan_to_json(plan);
  const std::string command = "cd '" + scratch.path().string() + "' && '" + BATCHAI_SUPERVISOR + "' '" +
                              records.folder().string() + "' < plan > answer";
  EXPECT_EQ(std::system(command.c_str()), 0);
  while (::wait(nullptr) > 0) {
  }
  return read_text(scratch / "answer");
}

TEST(Supervisor, DoesNotRunAgainWhatAnotherBeganAndLeftWithoutAnOutcome) {
  const Scratch scratch;
  const RunRecords records(scratch / "runs" / kRunId);
  std::filesystem::create_directories(records.folder());
  records.write_supervisor({.pid = 1, .start_time = 1});
  const auto plan = simple_plan(kRunId, "echo ran > '" + (scratch / "ran").string() + "'");
  EXPECT_EQ(supervise_by_hand(scratch, records, plan), "taken over\n");
  EXPECT_FALSE(std::filesystem::exists(scratch / "ran"));
  EXPECT_FALSE(records.read_outcome());
}

TEST(Supervisor, DoesNotRunAgainWhatHasAnOutcome) {
  const Scratch scratch;
  const RunRecords records(scratch / "runs" / kRunId);
  std::filesystem::create_directories(records.folder());
  records.write_outcome({.kind = RunOutcome::Kind::Lost});
  const auto plan = simple_plan(kRunId, "echo ran > '" + (scratch / "ran").string() + "'");
  EXPECT_EQ(supervise_by_hand(scratch, records, plan), "taken over\n");
  EXPECT_FALSE(std::filesystem::exists(scratch / "ran"));
  EXPECT_FALSE(records.read_supervisor());
}

TEST(LocalEngine, WaitsForASupervisorThatHasTheRunButDoesNotSaySo) {
  const Scratch scratch;
  const Gate gate(scratch / "gate");
  const auto silent = silent_supervisor(
      scratch, "flock 9",
      gate.wait_command() + R"(; echo '{"kind":"exited","exitCode":5,"ended":1,"message":""}' > "$1/part")" +
          R"(; mv "$1/part" "$1/outcome.json")");
  Service service(
      std::make_unique<LocalEngine>(LocalEngineOptions{.runs_folder = scratch / "runs", .supervisor = silent}));
  service.engine->start(simple_plan(kRunId, "true"));
  EXPECT_FALSE(service.engine->outcome(kRunId));
  gate.open();
  EXPECT_EQ(service.wait(kRunId).exit_code, 5);
}

TEST(LocalEngine, RemovesTheRecordsOfARunThatCouldNotBeStarted) {
  const Scratch scratch;
  LocalEngine engine({.runs_folder = scratch / "runs", .supervisor = "/bin/true"});
  EXPECT_THROW(engine.start(simple_plan(kRunId, "true")), std::runtime_error);
  EXPECT_TRUE(std::filesystem::exists(scratch / "runs" / kRunId));
  engine.release(kRunId);
  EXPECT_FALSE(std::filesystem::exists(scratch / "runs" / kRunId));
  engine.release("");
  engine.release("..");
  EXPECT_TRUE(std::filesystem::exists(scratch / "runs"));
}

/// The lock of a run whose supervisor has not left its record yet.
class LockOfAnother {
 public:
  explicit LockOfAnother(const RunRecords& records) {
    std::filesystem::create_directories(records.folder());
    lock_ = records.try_lock();
    watcher_ = Descriptor(::inotify_init1(IN_CLOEXEC));
    ::inotify_add_watch(watcher_.get(), (records.folder() / "lock").c_str(), IN_CLOSE_WRITE);
  }

  /// Until somebody has tried to get the lock.
  void wait_for_a_try() const {
    pollfd entry{.fd = watcher_.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&entry, 1, 60'000), 1);
  }
  void give_free() { lock_.reset(); }

 private:
  Descriptor lock_;
  Descriptor watcher_;
};

TEST(LocalEngine, TakesOverARunThatAnotherSupervisorBeganToTakeOver) {
  LocalLab lab;
  Service service(lab.make());
  LockOfAnother other(RunRecords(lab.scratch() / "runs" / kRunId));
  std::thread starting([&] { service.engine->start(simple_plan(kRunId, "exit 3")); });
  other.wait_for_a_try();
  other.give_free();
  starting.join();
  EXPECT_EQ(service.wait(kRunId).exit_code, 3);
}

TEST(LocalEngine, KnowsARunThatAnEarlierEnginesSupervisorIsTakingOver) {
  LocalLab lab;
  const RunRecords records(lab.scratch() / "runs" / kRunId);
  LockOfAnother other(records);
  Service service(lab.make());
  EXPECT_FALSE(service.engine->outcome(kRunId));
  records.write_supervisor({.pid = 1, .start_time = 1});
  records.write_outcome({.kind = RunOutcome::Kind::Exited, .exit_code = 6});
  other.give_free();
  EXPECT_EQ(service.wait(kRunId).exit_code, 6);
}

}  // namespace

}  // namespace batchai::server::test
