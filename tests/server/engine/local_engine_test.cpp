#include "server/engine/local_engine.hpp"

#include "contract/engine_contract.hpp"
#include "server/engine/pidfd.hpp"
#include "server/supervisor/run_records.hpp"

#include <thread>

#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

namespace batchai::server::testing {

namespace {

class LocalLab final : public EngineLab {
 public:
  /// No supervisor had anything to complain about (under a sanitizer that is where its report would be).
  ~LocalLab() override {
    for (const auto& run : std::filesystem::directory_iterator(scratch_ / "runs")) {
      EXPECT_EQ(read_text(RunRecords(run.path()).log_file()), "") << run.path();
    }
  }

  std::unique_ptr<Engine> make() override {
    return std::make_unique<LocalEngine>(
        LocalEngineOptions{.runs_folder = scratch_ / "runs", .supervisor = BATCHAI_SUPERVISOR});
  }

  /// Returns when the supervisor is gone.
  void break_supervision(const std::string& run_id) override {
    const auto record = RunRecords(scratch_ / "runs" / run_id).read_supervisor();
    ASSERT_TRUE(record);
    const auto supervisor = open_process(record->pid);
    signal_process(supervisor, SIGKILL);
    pollfd entry{.fd = supervisor.get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&entry, 1, 60'000), 1);
  }

  const Scratch& scratch() const { return scratch_; }

 private:
  Scratch scratch_;
};

RunPlan simple_plan(const std::string& run_id, const std::string& command) {
  return {.run_id = run_id,
          .nodes = {{.id = "node-1", .address = "127.0.0.1"}},
          .processes = {{.name = "main", .command = command}}};
}

TEST(LocalEngine, RefusesNamesThatAreNoFileNames) {
  LocalLab lab;
  const auto engine = lab.make();
  for (const std::string name : {"", ".", "..", "a/b", "../x"}) {
    EXPECT_THROW(engine->start(simple_plan(name, "true")), std::invalid_argument) << name;
  }
}

TEST(LocalEngine, SaysThatTheSupervisorIsMissingAndForgetsTheRun) {
  const Scratch scratch;
  LocalEngine engine({.runs_folder = scratch / "runs", .supervisor = scratch / "no-such-program"});
  EXPECT_THROW(engine.start(simple_plan(kRunId, "true")), std::runtime_error);
  EXPECT_EQ(engine.outcome(kRunId)->kind, RunOutcome::Kind::Lost);
}

TEST(LocalEngine, SaysWhyTheSupervisorDidNotTakeOver) {
  const Scratch scratch;
  std::ofstream(scratch / "refuses") << "#!/bin/sh\ncat > /dev/null\necho out of order\n";
  std::filesystem::permissions(scratch / "refuses", std::filesystem::perms::owner_all);
  LocalEngine engine({.runs_folder = scratch / "runs", .supervisor = scratch / "refuses"});
  try {
    engine.start(simple_plan(kRunId, "true"));
    FAIL() << "started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("out of order"));
  }
}

TEST(LocalEngine, SurvivesASupervisorThatDoesNotReadAPlanLargerThanAnyPipe) {
  const Scratch scratch;
  LocalEngine engine({.runs_folder = scratch / "runs", .supervisor = "/bin/true"});
  EXPECT_THROW(engine.start(simple_plan(kRunId, std::string(4'000'000, '#'))), std::runtime_error);
}

TEST(LocalEngine, HandsOverPlansLargerThanAnyPipe) {
  LocalLab lab;
  Service service(lab.make());
  auto plan = simple_plan(kRunId, "exit 3");
  plan.files = {{lab.scratch() / "large", std::string(4'000'000, 'x')}};
  EXPECT_EQ(service.run(plan).exit_code, 3);
  EXPECT_EQ(std::filesystem::file_size(lab.scratch() / "large"), 4'000'000U);
}

TEST(LocalEngine, ReportsACommandThatIsTooLongForTheMachine) {
  LocalLab lab;
  Service service(lab.make());
  const auto outcome = service.run(simple_plan(kRunId, "true " + std::string(4'000'000, 'x')));
  EXPECT_EQ(outcome.kind, RunOutcome::Kind::NotStarted);
  EXPECT_THAT(outcome.message, ::testing::HasSubstr("main"));
}

TEST(LocalEngine, WritesNoSecretsToTheRecords) {
  LocalLab lab;
  Service service(lab.make());
  auto plan = simple_plan(kRunId, "true");
  plan.environment["TOKEN"] = "hunter2-value";
  service.run(plan);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(lab.scratch() / "runs")) {
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    EXPECT_EQ(entry.status().permissions() & others, std::filesystem::perms::none) << entry.path();
    if (entry.is_regular_file()) {
      ++files;
      EXPECT_THAT(read_text(entry.path()), ::testing::Not(::testing::HasSubstr("hunter2-value"))) << entry.path();
    }
  }
  EXPECT_GE(files, 3);
}

TEST(LocalEngine, StartsARunOnceEvenIfAskedFromManyThreads) {
  LocalLab lab;
  Service service(lab.make());
  const auto count = lab.scratch() / "count";
  const auto plan = simple_plan(kRunId, "echo once >> '" + count.string() + "'");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { service.engine->start(plan); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  service.wait(kRunId);
  EXPECT_EQ(read_text(count), "once\n");
}

TEST(LocalEngine, DoesNotRunAgainWhatASupervisorTookOverUnseen) {
  LocalLab lab;
  Service blind(lab.make());  // made before the run: does not know it
  const auto count = lab.scratch() / "count";
  const auto plan = simple_plan(kRunId, "echo once >> '" + count.string() + "'; exit 4");
  Service(lab.make()).run(plan);
  EXPECT_EQ(blind.run(plan).exit_code, 4);
  EXPECT_EQ(read_text(count), "once\n");
}

TEST(LocalEngine, DoesNotTakeAnotherProcessForTheSupervisor) {
  LocalLab lab;
  const auto folder = lab.scratch() / "runs" / kRunId;
  std::filesystem::create_directories(folder);
  // As after a restart of the machine: the pid lives, but it is somebody else's.
  RunRecords(folder).write_supervisor({.pid = ::getpid(), .start_time = 1});
  const auto engine = lab.make();
  const auto outcome = engine->outcome(kRunId);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, RunOutcome::Kind::Lost);
  EXPECT_TRUE(RunRecords(folder).read_outcome());
}

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
      .runs_folder = scratch / "runs", .supervisor = BATCHAI_SUPERVISOR, .stop_patience = std::chrono::milliseconds(1)};
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

/// A run that waits for the gate and ends with 8, and an engine that does not know it.
class RunOfAnEarlierEngine : public ::testing::Test {
 protected:
  RunOfAnEarlierEngine() { lab.make()->start(simple_plan(kRunId, gate.wait_command() + "; exit 8")); }

  void ends_in_order(Service& service) const {
    gate.open();
    const auto outcome = service.wait(kRunId);
    EXPECT_EQ(outcome.kind, RunOutcome::Kind::Exited);
    EXPECT_EQ(outcome.exit_code, 8);
  }

  LocalLab lab;
  const Gate gate{lab.scratch() / "gate"};
  const RunRecords records{lab.scratch() / "runs" / kRunId};
};

TEST_F(RunOfAnEarlierEngine, IsNotLostWhenItsRecordCannotBeRead) {
  const auto record = records.folder() / "supervisor.json";
  std::filesystem::rename(record, lab.scratch() / "kept");
  std::filesystem::create_directory(record);
  Service service(lab.make());
  EXPECT_FALSE(service.engine->outcome(kRunId));
  std::filesystem::remove(record);
  std::filesystem::rename(lab.scratch() / "kept", record);
  ends_in_order(service);
}

TEST_F(RunOfAnEarlierEngine, IsNotLostAsLongAsSomebodyHasItsLock) {
  const auto record = records.read_supervisor().value();
  records.write_supervisor({.pid = record.pid, .start_time = 1});
  Service service(lab.make());
  EXPECT_FALSE(service.engine->outcome(kRunId));
  records.write_supervisor(record);
  ends_in_order(service);
}

/// As long as it lives, this process can open `free` more descriptors and no more.
class FewDescriptors {
 public:
  explicit FewDescriptors(std::size_t free) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{.rlim_cur = 256, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    while (auto file = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC))) {
      taken_.push_back(std::move(file));
    }
    taken_.resize(taken_.size() - free);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
  std::vector<Descriptor> taken_;
};

TEST_F(RunOfAnEarlierEngine, IsNotLostWhenThereAreNoDescriptorsToLookAtIt) {
  int made = 0;
  for (std::size_t free = 0; free < 6; ++free) {
    const FewDescriptors few(free);
    try {
      const auto engine = lab.make();
      ++made;
      EXPECT_FALSE(engine->outcome(kRunId)) << free;
    } catch (const std::exception&) {
    }
  }
  EXPECT_GT(made, 0);
  Service service(lab.make());
  ends_in_order(service);
}

TEST(LocalEngine, LosesARunOnlyWhenItCanSeeThatNothingIsLeftOfIt) {
  LocalLab lab;
  const auto child = lab.scratch() / "child";
  lab.make()->start(simple_plan(kRunId, "setsid sleep 1000 & echo $! > '" + child.string() + "'; wait"));
  wait_for_line(child);
  lab.break_supervision(kRunId);
  bool lost = false;
  for (std::size_t free = 0; !lost && free < 10; ++free) {
    try {
      const FewDescriptors few(free);
      lost = lab.make()->outcome(kRunId).has_value();
    } catch (const std::exception&) {
    }
    EXPECT_TRUE(!lost || processes_of_run(kRunId).empty()) << free;
  }
  EXPECT_TRUE(lost);
}

const auto kLocal = ::testing::Values(EngineKind{"local", [] { return std::make_unique<LocalLab>(); }});
const auto kNameOf = [](const auto& kind) { return kind.param.name; };
INSTANTIATE_TEST_SUITE_P(Local, EngineContract, kLocal, kNameOf);
INSTANTIATE_TEST_SUITE_P(Local, EngineOnNodes, kLocal, kNameOf);

}  // namespace

}  // namespace batchai::server::testing
