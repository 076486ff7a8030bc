#pragma once

#include "contract/engine_lab.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace batchai::server::test {

TEST_P(EngineContract, ReportsExitCodeZero) {
  const auto outcome = service.run(plan(kRunId, {"true"}));
  EXPECT_EQ(outcome.kind, Kind::Exited);
  EXPECT_EQ(outcome.exit_code, 0);
  ASSERT_TRUE(outcome.started);
  EXPECT_LE(*outcome.started, outcome.ended);
}

TEST_P(EngineContract, ReportsTheExitCodeOfTheProcess) {
  const auto outcome = service.run(plan(kRunId, {"exit 7"}));
  EXPECT_EQ(outcome.kind, Kind::Exited);
  EXPECT_EQ(outcome.exit_code, 7);
}

TEST_P(EngineContract, ReportsADeadlySignalAs128PlusItsNumber) {
  EXPECT_EQ(service.run(plan(kRunId, {"kill -9 $$"})).exit_code, 137);
}

TEST_P(EngineContract, ReportsAnUnknownCommandAs127) {
  EXPECT_EQ(service.run(plan(kRunId, {"no-such-command-anywhere"})).exit_code, 127);
}

TEST_P(EngineContract, KeepsOutputToTheByte) {
  service.run(plan(kRunId, {R"(echo hi; printf 'a\0b' >&2)"}));
  EXPECT_EQ(text("p0.out"), "hi\n");
  EXPECT_EQ(text("p0.err"), std::string("a\0b", 3));
}

TEST_P(EngineContract, MakesOutputFilesBeforeTheProcessRuns) {
  service.run(plan(kRunId, {"cat p0.out p0.err > seen && ls p0.out p0.err > files"}));
  EXPECT_EQ(text("files"), "p0.err\np0.out\n");
}

TEST_P(EngineContract, LetsOutputBeReadWhileTheProcessRuns) {
  const Gate gate(scratch / "gate");
  service.engine->start(plan(kRunId, {"echo first; " + gate.wait_command()}));
  EXPECT_EQ(wait_for_line(scratch / "p0.out"), "first\n");
  EXPECT_FALSE(service.engine->outcome(kRunId));
  gate.open();
  EXPECT_EQ(service.wait(kRunId).exit_code, 0);
}

TEST_P(EngineContract, OverwritesTheOutputOfAnEarlierRun) {
  service.run(plan("first", {"echo a long text of an earlier run"}));
  service.run(plan("second", {"echo short"}));
  EXPECT_EQ(text("p0.out"), "short\n");
}

TEST_P(EngineContract, GivesNothingButThePlansEnvironmentAndAMinimalBase) {
  ASSERT_EQ(::setenv("AZURE_CLIENT_SECRET", "of the service", 1), 0);
  auto planned = plan(kRunId, {"env -0"});
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
    EXPECT_TRUE(allowed.contains(name) || lab->sets(name)) << name;
  }
}

TEST_P(EngineContract, ReadsBashrcBeforeTheCommand) {
  std::ofstream(scratch / ".bashrc") << "export FROM_BASHRC=yes\n";
  service.run(plan(kRunId, {"echo $FROM_BASHRC"}));
  EXPECT_EQ(text("p0.out"), "yes\n");
}

TEST_P(EngineContract, StartsInTheWorkingDirectoryOfTheNode) {
  auto planned = plan(kRunId, {"pwd"});
  planned.nodes[0].working_directory = scratch / "made/for it";
  planned.directories = {scratch / "made/for it"};
  service.run(planned);
  EXPECT_EQ(text("p0.out"), (scratch / "made/for it").string() + "\n");
}

TEST_P(EngineContract, MountsFoldersAndTakesTheMountsAwayAgain) {
  std::filesystem::create_directories(scratch / "share");
  auto planned = plan(kRunId, {"echo written > mounts/a/b/out/file"});
  planned.mounts = {{scratch / "mounts/a/b", scratch / "share"}};
  planned.directories = {scratch / "mounts/a/b/out"};
  EXPECT_EQ(service.run(planned).exit_code, 0);
  EXPECT_EQ(text("share/out/file"), "written\n");
  EXPECT_FALSE(std::filesystem::exists(scratch / "mounts/a/b"));
}

TEST_P(EngineContract, LeavesTheMountsOfTheNodesForTheNextRun) {
  std::filesystem::create_directories(scratch / "share");
  auto planned = plan(kRunId, {"echo written > mounts/node/file"});
  planned.node_mounts = {{scratch / "mounts/node", scratch / "share"}};
  EXPECT_EQ(service.run(planned).exit_code, 0);
  EXPECT_EQ(text("mounts/node/file"), "written\n");
}

TEST_P(EngineContract, FindsTheProgramsOfTheRunFirst) {
  auto planned = plan(kRunId, {"ls"});
  planned.programs = scratch / "with blank/bin";
  planned.files = {{planned.programs / "ls", "#!/bin/sh\necho mine\n", true}};
  EXPECT_EQ(service.run(planned).exit_code, 0);
  EXPECT_EQ(text("p0.out"), "mine\n");
}

TEST_P(EngineContract, EndsAllProcessesWithTheFirstThatFailsIfThePlanSaysSo) {
  auto planned = plan(kRunId, {"sleep 1000", "exit 4"});
  planned.ends_on_failure = true;
  const auto outcome = service.run(planned);
  EXPECT_EQ(outcome.kind, Kind::Exited);
  EXPECT_EQ(outcome.exit_code, 4);
}

TEST_P(EngineContract, EmptiesFoldersAndWritesFiles) {
  std::filesystem::create_directories(scratch / "temp/old");
  auto planned = plan(kRunId, {"ls -A temp; cat temp/new/hostfile"});
  planned.cleared = {scratch / "temp"};
  planned.files = {{scratch / "temp/new/hostfile", "127.0.0.2 slots=1\n"}};
  service.run(planned);
  EXPECT_EQ(text("p0.out"), "new\n127.0.0.2 slots=1\n");
}

TEST_P(EngineContract, SaysWhyARunCannotBeStarted) {
  auto planned = plan(kRunId, {"echo ran > ran"});
  planned.mounts = {{scratch / "m", scratch / "missing"}};
  const auto outcome = service.run(planned);
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_FALSE(outcome.exit_code);
  EXPECT_THAT(outcome.message, ::testing::HasSubstr((scratch / "missing").string()));
  EXPECT_FALSE(std::filesystem::exists(scratch / "ran"));
}

TEST_P(EngineContract, RunsPreparationOnEveryNodeBeforeTheProcesses) {
  auto planned = plan(kRunId, {"cat one two"});
  planned.nodes.push_back(planned.nodes[0]);
  planned.preparation = {process("prep1", "echo 1 > one"), process("prep2", "echo 2 > two")};
  planned.preparation[1].node = 1;
  EXPECT_EQ(service.run(planned).exit_code, 0);
  EXPECT_EQ(text("p0.out"), "1\n2\n");
}

TEST_P(EngineContract, DoesNotStartProcessesWhenPreparationFails) {
  auto planned = plan(kRunId, {"echo ran > ran"});
  planned.preparation = {process("prep1", "sleep 1000"), process("prep2", "exit 3")};
  const auto outcome = service.run(planned);
  EXPECT_EQ(outcome.kind, Kind::PreparationFailed);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(scratch / "ran"));
}

TEST_P(EngineContract, WritesToNoOutputThatIsNotAFile) {
  // Opening a pipe waits for a reader; one that has a reader would keep the processes waiting.
  for (const std::string reader : {"", "; sleep 1000 < p0.out &"}) {
    const auto run_id = std::string(kRunId) + (reader.empty() ? "-alone" : "-read");
    auto planned = plan(run_id, {"echo ran > ran"});
    planned.preparation = {process("prep", "rm -f p0.out; mkfifo p0.out" + reader)};
    const auto outcome = service.run(planned);
    EXPECT_EQ(outcome.kind, Kind::NotStarted);
    EXPECT_THAT(outcome.message, ::testing::HasSubstr((scratch / "p0.out").string() + ": it is not a file"));
    EXPECT_FALSE(std::filesystem::exists(scratch / "ran"));
  }
}

TEST_P(EngineContract, WritesToNoLogThatIsNotAFile) {
  const Gate gate(scratch / "execution.log");
  const auto outcome = service.run(plan(kRunId, {"true"}));
  EXPECT_EQ(outcome.kind, Kind::NotStarted);
  EXPECT_THAT(outcome.message, ::testing::HasSubstr("execution.log: it is not a file"));
}

TEST_P(EngineContract, FollowsALinkToTheNullDevice) {
  auto planned = plan(kRunId, {"echo unwanted; exit 3"});
  planned.preparation = {process("prep", "ln -s /dev/null p0.out")};
  EXPECT_EQ(service.run(planned).exit_code, 3);
}

TEST_P(EngineContract, KeepsAnAccountOfTheRunWithoutValuesOfVariables) {
  auto planned = plan(kRunId, {"exit 4"});
  planned.environment["SECRET"] = "hunter2-value";
  service.run(planned);
  EXPECT_THAT(text("execution.log"), ::testing::HasSubstr("p0 ended with exit code 4"));
  EXPECT_THAT(text("execution.log"), ::testing::Not(::testing::HasSubstr("hunter2-value")));
}

}  // namespace batchai::server::test
