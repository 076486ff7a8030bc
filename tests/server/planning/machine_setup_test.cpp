#include "job_plan_fixture.hpp"

#include <fstream>
#include <iterator>

#include <sys/wait.h>

namespace batchai::server::test {

namespace {

using ::testing::SizeIs;
namespace fs = std::filesystem;

/// Jobs on machines that the engine chooses, of a cluster with a setup task.
class MachineSetup : public JobPlanTest {
 protected:
  MachineSetup() {
    provider.late = true;
    job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  }

  void set_up_by(const std::string& command) {
    cluster.node_setup = NodeSetup{
        .setup_task = SetupTask{.command_line = command, .std_out_err_path_prefix = (scratch / "logs").string()}};
  }

  JobPlanInput on_machine() const {
    auto result = input();
    result.nodes[0].machine_folder = scratch / "machine";
    return result;
  }

  pid_t start() const {
    const auto planned = plan_job(on_machine());
    for (const auto& directory : planned.directories) {
      fs::create_directories(directory);
    }
    const auto& command = planned.setup.at(0).command;
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::execl("/bin/bash", "bash", "-c", command.c_str(), nullptr);
      ::_exit(126);
    }
    return pid;
  }
  static int end(pid_t pid) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::vector<std::string> lines(const std::string& name) const {
    std::ifstream file(scratch / name);
    return {std::istream_iterator<std::string>(file), {}};
  }
};

TEST_F(MachineSetup, HasTheHomeThatJobsOnTheMachineHave) {
  set_up_by("true");
  const auto planned = plan_job(on_machine());
  const auto home = (scratch / "machine/home").string();
  EXPECT_EQ(planned.setup.at(0).environment.at("HOME"), home);
  EXPECT_EQ(planned.processes.at(0).environment.at("HOME"), home);
}

TEST_F(MachineSetup, RunsOnceAlsoForJobsThatBeginTogether) {
  set_up_by("echo run >> " + (scratch / "runs").string() + "; sleep 0.2; echo 'it''s done' # with a comment");
  const auto first = start();
  const auto second = start();
  EXPECT_EQ(end(first), 0);
  EXPECT_EQ(end(second), 0);
  EXPECT_EQ(end(start()), 0);
  EXPECT_THAT(lines("runs"), SizeIs(1));
  EXPECT_EQ(lines("logs/stdout-10.0.0.4.txt"), (std::vector<std::string>{"its", "done"}));
}

TEST_F(MachineSetup, RunsAgainWhereItFailed) {
  set_up_by("set -e; echo run >> " + (scratch / "runs").string() + "; false; exit 0");
  EXPECT_EQ(end(start()), 1);
  EXPECT_EQ(end(start()), 1);
  EXPECT_THAT(lines("runs"), SizeIs(2));
}

TEST_F(MachineSetup, RunsAgainWhenTheMachineHasBeenBootedAnew) {
  set_up_by("echo run >> " + (scratch / "runs").string());
  EXPECT_EQ(end(start()), 0);
  std::ofstream(scratch / "machine/set-up") << "another-boot\n";
  EXPECT_EQ(end(start()), 0);
  EXPECT_THAT(lines("runs"), SizeIs(2));
}

}  // namespace

}  // namespace batchai::server::test
