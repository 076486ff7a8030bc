#include "server/planning/login_plan.hpp"

#include "server/planning/job_plan_fixture.hpp"

namespace batchai::server::test {
namespace {

using ::testing::Contains;
using ::testing::IsSupersetOf;
using Variables = std::vector<std::pair<const std::string, std::string>>;
using ::testing::Pair;

class LoginPlanTest : public JobPlanTest {
 protected:
  /// Of the first node, without a job.
  RunPlan idle() const {
    const auto nodes = input().nodes;
    return plan_login({.cluster = cluster,
                       .output_suffix = "",
                       .run_id = "",
                       .node = nodes.front(),
                       .accounts = input().accounts,
                       .sandbox = RunSandbox{}});
  }
  RunPlan on_job(const std::string& node) const {
    auto given = input();
    given.sandbox = RunSandbox{};
    return plan_login(given, node);
  }
  static std::map<std::string, std::string> variables(const RunPlan& plan) {
    auto all = plan.processes.front().environment;
    all.insert(plan.environment.begin(), plan.environment.end());
    return all;
  }
};

TEST_F(LoginPlanTest, ShowsTheVolumesOfTheClusterWhereThereIsNoJob) {
  cluster.node_setup = NodeSetup{.mount_volumes = MountVolumes{.azure_file_shares = {share("data")}}};
  const auto plan = idle();
  ASSERT_EQ(plan.processes.size(), 1U);
  EXPECT_EQ(plan.processes.front().command, "");
  EXPECT_THAT(plan.node_mounts, ::testing::ElementsAre(Pair(folder(1) + "/mounts/data", scratch / "files/data")));
  EXPECT_THAT(plan.sandbox.value().writable,
              ::testing::UnorderedElementsAre(std::filesystem::path(folder(1)), scratch / "files/data"));
  EXPECT_THAT(variables(plan), IsSupersetOf(Variables{{"HOME", folder(1) + "/home"},
                                                      {"AZ_BATCHAI_MOUNT_ROOT", folder(1) + "/mounts"},
                                                      {"AZ_BATCHAI_NUM_GPUS", "1"}}));
  EXPECT_THAT(plan.directories, Contains(std::filesystem::path(folder(1) + "/home")));
}

TEST_F(LoginPlanTest, ShowsWhatTheJobSees) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "train"};
  job.environment_variables = {{"MINE", "$AZ_BATCHAI_NUM_GPUS"}};
  job.secrets = {{.name = "TOKEN", .value = Secret("hush")}};
  const auto plan = on_job("tvm-1");
  ASSERT_EQ(plan.processes.size(), 1U);
  EXPECT_EQ(plan.processes.front().command, "");
  EXPECT_THAT(variables(plan),
              IsSupersetOf(Variables{
                  {"MINE", "1"}, {"TOKEN", "hush"}, {"AZ_BATCHAI_JOB_MOUNT_ROOT", job_folder(1) + "/mounts"}}));
  EXPECT_THAT(plan.sandbox.value().writable, Contains(scratch / "files/logs"));
}

TEST_F(LoginPlanTest, ShowsANodeOnWhichOnlyMpiStartsProcesses) {
  job.node_count = 2;
  job.custom_mpi_settings = CustomMpiSettings{.command_line = "train"};
  const auto plan = on_job("tvm-2");
  ASSERT_EQ(plan.processes.size(), 1U);
  EXPECT_EQ(plan.processes.front().node, 1U);
  EXPECT_THAT(variables(plan), IsSupersetOf(Variables{{"HOME", folder(2) + "/home"},
                                                      {"AZ_BATCHAI_JOB_TEMP", folder(2) + "/temp/uuid"},
                                                      {"AZ_BATCHAI_MPI_MASTER_NODE", "10.0.0.4"}}));
}

TEST_F(LoginPlanTest, RefusesVolumesThatCannotBeMounted) {
  cluster.node_setup = NodeSetup{.mount_volumes = MountVolumes{.azure_file_shares = {share("none")}}};
  EXPECT_THROW(idle(), JobPlanError);
}

}  // namespace
}  // namespace batchai::server::test
