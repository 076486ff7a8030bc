#include "core/shortage.hpp"

#include "server/engine/local_lab.hpp"
#include "support/few_descriptors.hpp"

#include <new>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace batchai::server::test {

namespace {

TEST(Shortage, IsWhatMayBeOverSoon) {
  for (const int code : {EAGAIN, ENOMEM, EMFILE, ENFILE}) {
    EXPECT_TRUE(is_shortage(std::system_error(code, std::generic_category(), "x"))) << code;
  }
  EXPECT_TRUE(is_shortage(std::bad_alloc()));
  for (const int code : {ENOENT, EACCES, ENOSPC, E2BIG, ENOEXEC}) {
    EXPECT_FALSE(is_shortage(std::system_error(code, std::generic_category(), "x"))) << code;
  }
  EXPECT_FALSE(is_shortage(std::runtime_error("x")));
}

/// Whether the engine refuses the run for want of something.
bool is_short(Engine& engine, const RunPlan& plan) {
  try {
    engine.start(plan);
    return false;
  } catch (const std::exception& error) {
    EXPECT_TRUE(is_shortage(error)) << error.what();
    return true;
  }
}

TEST(LocalEngine, TakesARunAgainThatItHadNoDescriptorsFor) {
  LocalLab lab;
  Service service(lab.make());
  const auto plan = simple_plan(kRunId, "exit 3");
  {
    const batchai::test::FewDescriptors none(3);
    EXPECT_TRUE(is_short(*service.engine, plan));
  }
  EXPECT_EQ(service.engine->outcome(kRunId)->kind, RunOutcome::Kind::Lost) << "it does not know the run";
  EXPECT_EQ(service.run(plan).exit_code, 3);
}

/// A supervisor that runs `first`, as Bash source text.
std::filesystem::path supervisor_after(const Scratch& scratch, const std::string& first) {
  const auto program = scratch / "supervisor";
  std::ofstream(program) << "#!/bin/bash\n" << first << "\nexec '" << BATCHAI_SUPERVISOR << "' \"$1\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  return program;
}

TEST(LocalEngine, IsToldByItsSupervisorThatTheMachineIsShortOfSomething) {
  const Scratch scratch;
  const auto busy = supervisor_after(scratch, "cat > /dev/null; echo busy: cannot make a process; exit 1");
  LocalEngine engine({.runs_folder = scratch / "runs", .supervisor = busy});
  EXPECT_TRUE(is_short(engine, simple_plan(kRunId, "true")));
  engine.release(kRunId);
  EXPECT_FALSE(std::filesystem::exists(scratch / "runs" / kRunId));
}

TEST(LocalEngine, FailsNoRunWhoseSupervisorHasFewDescriptors) {
  // Wherever the descriptors run out, none of it has run, and that is what is told.
  std::set<RunOutcome::Kind> kinds;
  for (int descriptors = 4; descriptors <= 16; ++descriptors) {
    const Scratch scratch;
    const auto few = supervisor_after(scratch, "ulimit -n " + std::to_string(descriptors));
    Service service(
        std::make_unique<LocalEngine>(LocalEngineOptions{.runs_folder = scratch / "runs", .supervisor = few}));
    const auto ran = scratch / "ran";
    const auto plan = simple_plan(kRunId, "mkdir '" + ran.string() + "'");
    try {
      service.engine->start(plan);
    } catch (const std::exception& error) {
      // With the fewest, the program itself may not be loaded, and nobody is there to say why.
      EXPECT_TRUE(is_shortage(error) || std::string_view(error.what()).ends_with("answer")) << error.what();
      EXPECT_FALSE(std::filesystem::exists(ran)) << error.what();
      continue;
    }
    const auto outcome = service.wait(kRunId);
    kinds.insert(outcome.kind);
    EXPECT_EQ(std::filesystem::exists(ran), outcome.kind == RunOutcome::Kind::Exited) << outcome.message;
  }
  EXPECT_EQ(kinds, (std::set{RunOutcome::Kind::Exited, RunOutcome::Kind::Busy}));
}

TEST(LocalEngine, FailsARunThatRunsOutOfDescriptorsAfterItHasBegun) {
  const Scratch scratch;
  // The preparation takes away what the processes need.
  Service service(std::make_unique<LocalEngine>(
      LocalEngineOptions{.runs_folder = scratch / "runs", .supervisor = BATCHAI_SUPERVISOR}));
  auto plan = simple_plan(kRunId, "true");
  plan.preparation = {{.name = "prep", .command = "prlimit --pid $PPID --nofile=6:"}};
  EXPECT_EQ(service.run(plan).kind, RunOutcome::Kind::NotStarted);
}

}  // namespace

}  // namespace batchai::server::test
