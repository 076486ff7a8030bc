#pragma once

#include "contract/scratch.hpp"
#include "server/service/engine.hpp"
#include "server/supervisor/process_table.hpp"

#include <condition_variable>
#include <csignal>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::testing {

/// What the contract needs of a kind of engine. One object per test.
class EngineLab {
 public:
  virtual ~EngineLab() = default;
  /// An engine; every call gives another one over the same records.
  virtual std::unique_ptr<Engine> make() = 0;
  /// Ends whatever stands between the engine and the processes of the run, as a failing machine would.
  virtual void break_supervision(const std::string& run_id) = 0;
};

struct EngineKind {
  std::string name;
  std::function<std::unique_ptr<EngineLab>()> make;
};

inline void PrintTo(const EngineKind& kind, std::ostream* out) { *out << kind.name; }

/// Collects what an engine tells about ended runs.
class Ended {
 public:
  void operator()(const std::string& run_id) {
    const std::scoped_lock lock(mutex_);
    ended_.insert(run_id);
    changed_.notify_all();
  }
  bool wait_for(const std::string& run_id) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kDeadline, [&] { return ended_.contains(run_id); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> ended_;
};

/// An engine with an ear for the ends of runs.
struct Service {
  explicit Service(std::unique_ptr<Engine> made) : engine(std::move(made)) {
    engine->on_ended([ended = ended](const std::string& run_id) { (*ended)(run_id); });
  }
  RunOutcome wait(const std::string& run_id) {
    EXPECT_TRUE(ended->wait_for(run_id)) << "run " << run_id << " does not end";
    return engine->outcome(run_id).value_or(RunOutcome{.kind = RunOutcome::Kind::Lost, .message = "still running"});
  }
  RunOutcome run(const RunPlan& plan) {
    engine->start(plan);
    return wait(plan.run_id);
  }
  std::shared_ptr<Ended> ended = std::make_shared<Ended>();
  std::unique_ptr<Engine> engine;
};

class EngineContract : public ::testing::TestWithParam<EngineKind> {
 protected:
  RunProcess process(const std::string& name, const std::string& command) const {
    return {.name = name,
            .command = command,
            .stdout_file = scratch / (name + ".out"),
            .stderr_file = scratch / (name + ".err")};
  }

  /// One node, processes named p0, p1, …
  RunPlan plan(const std::string& run_id, const std::vector<std::string>& commands) const {
    RunPlan result{.run_id = run_id,
                   .nodes = {{.id = "node-1",
                              .address = "127.0.0.1",
                              .working_directory = scratch.path(),
                              .execution_log = scratch / "execution.log"}}};
    for (const auto& command : commands) {
      result.processes.push_back(process("p" + std::to_string(result.processes.size()), command));
    }
    result.environment = {{"HOME", scratch.path().string()}, {"PATH", "/usr/bin:/bin"}};
    return result;
  }

  std::string text(const std::string& name) const { return read_text(scratch / name); }

  /// The pid that a process of the run has written into the file `name`.
  pid_t pid_in(const std::string& name) const { return std::stoi(wait_for_line(scratch / name)); }

  /// Whether it has ended; who inherited it may not have taken note yet.
  static bool is_gone(pid_t pid) {
    const auto stat = read_text("/proc/" + std::to_string(pid) + "/stat");
    return stat.empty() || stat.find(") Z ") != std::string::npos || stat.find(") X ") != std::string::npos;
  }

  Scratch scratch;
  std::unique_ptr<EngineLab> lab = GetParam().make();
  Service service{lab->make()};
};

using Kind = RunOutcome::Kind;

TEST_P(EngineContract, ReportsExitCodeZero) {
  const auto outcome = service.run(plan("r", {"true"}));
  EXPECT_EQ(outcome.kind, Kind::Exited);
  EXPECT_EQ(outcome.exit_code, 0);
  ASSERT_TRUE(outcome.started);
  EXPECT_LE(*outcome.started, outcome.ended);
}

TEST_P(EngineContract, ReportsTheExitCodeOfTheProcess) {
  const auto outcome = service.run(plan("r", {"exit 7"}));
  EXPECT_EQ(outcome.kind, Kind::Exited);
  EXPECT_EQ(outcome.exit_code, 7);
}

TEST_P(EngineContract, ReportsADeadlySignalAs128PlusItsNumber) {
  EXPECT_EQ(service.run(plan("r", {"kill -9 $$"})).exit_code, 137);
}

TEST_P(EngineContract, ReportsAnUnknownCommandAs127) {
  EXPECT_EQ(service.run(plan("r", {"no-such-command-anywhere"})).exit_code, 127);
}

TEST_P(EngineContract, KeepsOutputToTheByte) {
  service.run(plan("r", {R"(echo hi; printf 'a\0b' >&2)"}));
  EXPECT_EQ(text("p0.out"), "hi\n");
  EXPECT_EQ(text("p0.err"), std::string("a\0b", 3));
}

TEST_P(EngineContract, MakesOutputFilesBeforeTheProcessRuns) {
  service.run(plan("r", {"cat p0.out p0.err > seen && ls p0.out p0.err > files"}));
  EXPECT_EQ(text("files"), "p0.err\np0.out\n");
}

TEST_P(EngineContract, LetsOutputBeReadWhileTheProcessRuns) {
  const Gate gate(scratch / "gate");
  service.engine->start(plan("r", {"echo first; " + gate.wait_command()}));
  EXPECT_EQ(wait_for_line(scratch / "p0.out"), "first\n");
  EXPECT_FALSE(service.engine->outcome("r"));
  gate.open();
  EXPECT_EQ(service.wait("r").exit_code, 0);
}

TEST_P(EngineContract, OverwritesTheOutputOfAnEarlierRun) {
  service.run(plan("first", {"echo a long text of an earlier run"}));
  service.run(plan("second", {"echo short"}));
  EXPECT_EQ(text("p0.out"), "short\n");
}

TEST_P(EngineContract, GivesNothingButThePlansEnvironmentAndAMinimalBase) {
  ASSERT_EQ(::setenv("AZURE_CLIENT_SECRET", "of the service", 1), 0);
  auto planned = plan("r", {"env -0"});
  planned.environment["PLAIN"] = "two\nlines 'and' \"quotes\"";
  planned.environment["OVERRIDDEN"] = "by the plan";
  planned.processes[0].environment["OVERRIDDEN"] = "by the process";
  service.run(planned);
  ::unsetenv("AZURE_CLIENT_SECRET");
  std::map<std::string, std::string> found;
  std::istringstream entries(text("p0.out"));
  for (std::string entry; std::getline(entries, entry, '\0');) {
    found[entry.substr(0, entry.find('='))] = entry.substr(entry.find('=') + 1);
  }
  EXPECT_EQ(found["PLAIN"], "two\nlines 'and' \"quotes\"");
  EXPECT_EQ(found["OVERRIDDEN"], "by the process");
  EXPECT_EQ(found["HOME"], scratch.path());
  EXPECT_EQ(found["PATH"], "/usr/bin:/bin");
  const std::set<std::string> allowed{"PLAIN",   "OVERRIDDEN", "HOME",  "PATH",   "USER",
                                      "LOGNAME", "SHELL",      "LANG",  "LC_ALL", "TZ",
                                      "TMPDIR",  "PWD",        "SHLVL", "_",      kRunIdVariable};
  for (const auto& [name, value] : found) {
    EXPECT_TRUE(allowed.contains(name)) << name;
  }
}

TEST_P(EngineContract, ReadsBashrcBeforeTheCommand) {
  std::ofstream(scratch / ".bashrc") << "export FROM_BASHRC=yes\n";
  service.run(plan("r", {"echo $FROM_BASHRC"}));
  EXPECT_EQ(text("p0.out"), "yes\n");
}

TEST_P(EngineContract, StartsInTheWorkingDirectoryOfTheNode) {
  auto planned = plan("r", {"pwd"});
  planned.nodes[0].working_directory = scratch / "made/for it";
  planned.directories = {scratch / "made/for it"};
  service.run(planned);
  EXPECT_EQ(text("p0.out"), (scratch / "made/for it").string() + "\n");
}

TEST_P(EngineContract, MountsFoldersAndTakesTheMountsAwayAgain) {
  std::filesystem::create_directories(scratch / "share");
  auto planned = plan("r", {"echo written > mounts/a/b/out/file"});
  planned.mounts = {{scratch / "mounts/a/b", scratch / "share"}};
  planned.directories = {scratch / "mounts/a/b/out"};
  EXPECT_EQ(service.run(planned).exit_code, 0);
  EXPECT_EQ(text("share/out/file"), "written\n");
  EXPECT_FALSE(std::filesystem::exists(scratch / "mounts/a/b"));
}

TEST_P(EngineContract, EmptiesFoldersAndWritesFiles) {
  std::filesystem::create_directories(scratch / "temp/old");
  auto planned = plan("r", {"ls -A temp; cat temp/new/hostfile"});
  planned.cleared = {scratch / "temp"};
  planned.files = {{scratch / "temp/new/hostfile", "127.0.0.2 slots=1\n"}};
  service.run(planned);
  EXPECT_EQ(text("p0.out"), "new\n127.0.0.2 slots=1\n");
}

TEST_P(EngineContract, SaysWhyARunCannotBeStarted) {
  auto planned = plan("r", {"echo ran > ran"});
  planned.mounts = {{scratch / "m", scratch / "missing"}};
  const auto outcome = service.run(planned);
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_FALSE(outcome.exit_code);
  EXPECT_THAT(outcome.message, ::testing::HasSubstr((scratch / "missing").string()));
  EXPECT_FALSE(std::filesystem::exists(scratch / "ran"));
}

TEST_P(EngineContract, RunsPreparationOnEveryNodeBeforeTheProcesses) {
  auto planned = plan("r", {"cat one two"});
  planned.nodes.push_back(planned.nodes[0]);
  planned.preparation = {process("prep1", "echo 1 > one"), process("prep2", "echo 2 > two")};
  planned.preparation[1].node = 1;
  EXPECT_EQ(service.run(planned).exit_code, 0);
  EXPECT_EQ(text("p0.out"), "1\n2\n");
}

TEST_P(EngineContract, DoesNotStartProcessesWhenPreparationFails) {
  auto planned = plan("r", {"echo ran > ran"});
  planned.preparation = {process("prep1", "sleep 1000"), process("prep2", "exit 3")};
  const auto outcome = service.run(planned);
  EXPECT_EQ(outcome.kind, Kind::PreparationFailed);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(scratch / "ran"));
}

TEST_P(EngineContract, KeepsAnAccountOfTheRunWithoutValuesOfVariables) {
  auto planned = plan("r", {"exit 4"});
  planned.environment["SECRET"] = "hunter2-value";
  service.run(planned);
  EXPECT_THAT(text("execution.log"), ::testing::HasSubstr("p0 ended with exit code 4"));
  EXPECT_THAT(text("execution.log"), ::testing::Not(::testing::HasSubstr("hunter2-value")));
}

}  // namespace batchai::server::testing
