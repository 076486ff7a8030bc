#include "server/planning/job_plan_fixture.hpp"

namespace batchai::server::test {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using Path = std::filesystem::path;

class JobPlanSandbox : public JobPlanTest {
 protected:
  JobPlanSandbox() { job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"}; }

  RunPlan sandboxed() const {
    auto asked = input();
    asked.sandbox = RunSandbox{.readable = {"/data"}, .hidden = {"/secret"}};
    asked.file_servers = [this](std::string_view) { return std::optional(Path(scratch / "exported")); };
    return plan_job(asked);
  }
};

TEST_F(JobPlanSandbox, IsThereOnlyWhereItIsAskedFor) { EXPECT_FALSE(plan().sandbox); }

TEST_F(JobPlanSandbox, HasTheFoldersOfItsNodesAndVolumes) {
  job.node_count = 2;
  const auto sandbox = sandboxed().sandbox.value();
  EXPECT_THAT(sandbox.writable, ElementsAre(Path(folder(1)), Path(folder(2)), scratch / "files/logs"));
  EXPECT_THAT(sandbox.readable, ElementsAre(Path("/data")));
  EXPECT_THAT(sandbox.hidden, ElementsAre(Path("/secret")));
}

TEST_F(JobPlanSandbox, HasTheWholeFolderOfAFileServer) {
  std::filesystem::create_directories(scratch / "exported" / "part");
  job.mount_volumes->file_servers = {
      {.file_server = {.id = "server"}, .source_directory = "part", .relative_mount_path = "nfs"}};
  const auto sandbox = sandboxed().sandbox.value();
  EXPECT_THAT(sandbox.writable, Contains(scratch / "exported"));
  EXPECT_THAT(sandbox.writable, Not(Contains(scratch / "exported" / "part")));
}

TEST_F(JobPlanSandbox, HasATemporaryFolderThatIsEmptiedWithTheJobs) {
  const auto made = sandboxed();
  EXPECT_EQ(made.nodes[0].temporary, Path(folder(1) + ".tmp")) << "in no folder that a job may change";
  EXPECT_THAT(made.directories, Contains(made.nodes[0].temporary));
  EXPECT_THAT(made.cleared, Contains(made.nodes[0].temporary));
}

}  // namespace

}  // namespace batchai::server::test
