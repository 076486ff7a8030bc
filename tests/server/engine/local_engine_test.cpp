#include "contract/engine_contract.hpp"
#include "server/engine/local_lab.hpp"

#include <thread>

namespace batchai::server::test {

namespace {

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

const auto kLocal = ::testing::Values(EngineKind{"local", [] { return std::make_unique<LocalLab>(); }});
const auto kNameOf = [](const auto& kind) { return kind.param.name; };
INSTANTIATE_TEST_SUITE_P(Local, EngineContract, kLocal, kNameOf);
INSTANTIATE_TEST_SUITE_P(Local, EngineOnNodes, kLocal, kNameOf);

}  // namespace

}  // namespace batchai::server::test
