#include "server/faults/fault.hpp"
#include "support/service_fixture.hpp"
#include "support/unprivileged.hpp"

#include <chrono>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = RunOutcome::Kind;
namespace fs = std::filesystem;

class NodesTest : public ::testing::Test, protected ServiceFixture {
 protected:
  void create_cluster_with_setup(const nlohmann::json& scale, const std::string& name = "c") {
    create_cluster_from(name, cluster_body_with_setup(scale));
    settle();
  }
  void setups_succeed(const std::string& name = "c") {
    end_setups(name, {.kind = Kind::Exited, .exit_code = 0, .ended = clock.now()});
    settle();
  }
  fs::path folder_of(const Node& node, const std::string& name = "c") {
    return folder.path() / "nodes" / ClusterRecord(clusters.get({ws, name})).uuid() / node.id;
  }
  std::string code_of(std::size_t error) { return cluster("c")["errors"].at(error)["code"]; }
};

TEST_F(NodesTest, PrepareUntilTheirSetupTaskHasEnded) {
  create_cluster_with_setup(manual(2));
  EXPECT_EQ(count("c", "preparing"), 2);
  EXPECT_EQ(cluster("c")["currentNodeCount"], 2);
  EXPECT_EQ(cluster("c")["provisioningState"], "succeeded");
  create_job("j", job_body());
  settle();
  EXPECT_EQ(state("j"), "queued");
  ASSERT_EQ(engine.going().size(), 2U);
  setups_succeed();
  EXPECT_EQ(count("c", "preparing"), 0);
  EXPECT_EQ(count("c", "idle"), 1);
  EXPECT_EQ(state("j"), "running");
  EXPECT_FALSE(cluster("c").contains("errors"));
  EXPECT_EQ(engine.released.size(), 2U);
}

TEST_F(NodesTest, AreGivenTheTaskWithItsFilesVariablesAndSecrets) {
  create_cluster_with_setup(manual(1));
  const auto node = nodes_of("c").at(0);
  const auto& plan = engine.runs.at(node.setup_run).plan;
  const fs::path mounts = folder_of(node) / "mounts";
  const std::string suffix = cluster("c")["nodeSetup"]["setupTask"]["stdOutErrPathSuffix"];
  EXPECT_THAT(suffix, ::testing::MatchesRegex("sub/rg/workspaces/ws/clusters/c/[0-9a-f-]{36}"));
  const fs::path output = mounts / "logs" / suffix;
  ASSERT_EQ(plan.processes.size(), 1U);
  EXPECT_EQ(plan.processes[0].command, "echo ready");
  EXPECT_EQ(plan.processes[0].stdout_file, output / ("stdout-" + node.id + ".txt"));
  EXPECT_EQ(plan.processes[0].stderr_file, output / ("stderr-" + node.id + ".txt"));
  EXPECT_EQ(plan.nodes.at(0).execution_log, output / ("execution-" + node.id + ".log"));
  EXPECT_EQ(plan.environment.at("AZ_BATCHAI_MOUNT_ROOT"), mounts);
  EXPECT_EQ(plan.environment.at("AZ_BATCHAI_STDOUTERR_DIR"), output);
  EXPECT_EQ(plan.environment.at("TOKEN"), "hush-hush");
  EXPECT_FALSE(plan.environment.contains("CUDA_VISIBLE_DEVICES")) << "the machine has no GPUs";
  EXPECT_EQ(clusters.get({ws, "c"}).body.dump().find("hush-hush"), std::string::npos);
}

TEST_F(NodesTest, AreUnusableWhenTheirSetupTaskFails) {
  create_cluster_with_setup(manual(2));
  const auto node = nodes_of("c").at(0);
  engine.end(node.setup_run, {.kind = Kind::Exited, .exit_code = 3, .ended = clock.now()});
  settle();
  EXPECT_EQ(count("c", "unusable"), 1);
  EXPECT_EQ(count("c", "preparing"), 1);
  EXPECT_EQ(cluster("c")["errors"], nlohmann::json::parse(R"([{"code":"NodeSetupFailed",
              "message":"The setup task failed with non-zero exit code",
              "details":[{"name":"nodeId","value":")" + node.id +
                                                          R"("},{"name":"exitCode","value":"3"}]}])"));
  setups_succeed();
  create_job("j", job_body(2));
  settle();
  EXPECT_EQ(state("j"), "queued") << "an unusable node takes no job";
  EXPECT_EQ(cluster("c")["currentNodeCount"], 2);
  // The user's way out: without the node its error is gone, too.
  resize("c", manual(1));
  settle();
  EXPECT_EQ(count("c", "unusable"), 0);
  EXPECT_FALSE(cluster("c").contains("errors"));
}

TEST_F(NodesTest, AreUnusableWhenAVolumeCannotBeMounted) {
  auto body = cluster_body(manual(2));
  body["properties"]["nodeSetup"]["mountVolumes"]["azureFileShares"] = {
      {{"accountName", "elsewhere"},
       {"azureFileUrl", "https://elsewhere.file.core.windows.net/share"},
       {"credentials", {{"accountKey", "a2V5"}}},
       {"relativeMountPath", "afs"}}};
  create_cluster_from("c", body);
  settle();
  EXPECT_EQ(count("c", "unusable"), 2);
  ASSERT_EQ(cluster("c")["errors"].size(), 2U);
  EXPECT_EQ(code_of(0), "AZFMountError");
  EXPECT_THAT(cluster("c")["errors"][0].dump(), HasSubstr("not hosted by this service"));
  EXPECT_EQ(cluster("c")["errors"][0]["details"].back()["value"], nodes_of("c").at(0).id);
  EXPECT_THAT(engine.runs, IsEmpty());
}

TEST_F(NodesTest, AreUnusableWhenTheEngineDoesNotTakeTheirTask) {
  engine.fail_next_start = true;
  create_cluster_with_setup(manual(1));
  EXPECT_EQ(count("c", "unusable"), 1);
  EXPECT_THAT(cluster("c")["errors"][0]["message"].get<std::string>(), HasSubstr("no more processes"));
}

TEST_F(NodesTest, KeepPreparingWhileTheMachineHasNoProcessForTheirTask) {
  engine.busy = true;
  create_cluster_with_setup(manual(2));
  for (int tries = 1; tries <= 5; ++tries) {
    settle();
    ASSERT_EQ(count("c", "preparing"), 2);
    ASSERT_EQ(engine.refused, tries);
    clock.advance(5s);
  }
  engine.busy = false;
  settle();
  EXPECT_EQ(engine.going().size(), 2U);
  EXPECT_EQ(engine.released.size(), 5U) << "nothing is left of the runs that did not begin";
  setups_succeed();
  EXPECT_EQ(count("c", "idle"), 2);
}

TEST_F(NodesTest, RunASetupTaskAgainWhoseSupervisorHadNoProcessForIt) {
  create_cluster_with_setup(manual(1));
  for (int tries = 1; tries <= 5; ++tries) {
    end_setups("c", {.kind = Kind::Busy});
    settle();
    ASSERT_EQ(count("c", "preparing"), 1);
    ASSERT_THAT(engine.going(), IsEmpty()) << "it is not tried without a pause";
    clock.advance(5s);
    settle();
    ASSERT_EQ(engine.going().size(), 1U);
  }
}

TEST_F(NodesTest, RunALostSetupTaskAgainButNotForEver) {
  create_cluster_with_setup(manual(1));
  const auto node = nodes_of("c").at(0).id;
  for (int loss = 1; loss <= 3; ++loss) {
    end_setups("c", {.kind = Kind::Lost});
    settle();
    ASSERT_EQ(count("c", "preparing"), 1) << loss;
    ASSERT_EQ(nodes_of("c").at(0).id, node);
    ASSERT_EQ(engine.going().size(), 1U) << loss;
  }
  end_setups("c", {.kind = Kind::Lost});
  settle();
  EXPECT_EQ(count("c", "unusable"), 1);
  EXPECT_THAT(engine.runs, IsEmpty());
}

TEST_F(NodesTest, RunASetupTaskAgainThatNobodyHereHasStopped) {
  create_cluster_with_setup(manual(1));
  end_setups("c", {.kind = Kind::Stopped, .exit_code = 143});
  settle();
  EXPECT_EQ(count("c", "preparing"), 1);
  EXPECT_EQ(engine.going().size(), 1U);
}

TEST_F(NodesTest, KeepTheirSetupTaskOverARestartOfTheService) {
  create_cluster_with_setup(manual(1));
  restart();
  settle();
  EXPECT_EQ(engine.started, 1);
  reconciler.reset();
  engine.runs.at(nodes_of("c").at(0).setup_run).outcome = RunOutcome{.kind = Kind::Exited, .exit_code = 0};
  restart();
  settle();
  EXPECT_EQ(count("c", "idle"), 1);
}

TEST_F(NodesTest, StopTheirSetupTaskBeforeTheyLeave) {
  create_cluster_with_setup(manual(1));
  resize("c", manual(0));
  settle();
  EXPECT_EQ(count("c", "leaving"), 1);
  EXPECT_EQ(cluster("c")["allocationState"], "resizing");
  EXPECT_TRUE(engine.runs.begin()->second.stop_requested);
  end_stopped();
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 0);
  EXPECT_EQ(cluster("c")["allocationState"], "steady");
  EXPECT_FALSE(cluster("c").contains("errors"));
  EXPECT_THAT(engine.runs, IsEmpty());
}

TEST_F(NodesTest, TakeTheirFoldersWithThem) {
  create_cluster("c", manual(2));
  settle();
  const auto uuid_folder = folder_of(nodes_of("c").at(0)).parent_path();
  const auto outside = folder.path() / "share";
  fs::create_directories(outside);
  std::ofstream(outside / "precious") << "x";
  for (const auto& node : nodes_of("c")) {
    fs::create_directories(folder_of(node) / "mounts");
    fs::create_directory_symlink(outside, folder_of(node) / "mounts" / "afs");
  }
  resize("c", manual(1));
  settle();
  EXPECT_TRUE(fs::exists(folder_of(nodes_of("c").at(0))));
  EXPECT_EQ(std::distance(fs::directory_iterator(uuid_folder), {}), 1);
  const auto removed = clusters.remove({ws, "c"});
  EXPECT_EQ(cluster("c")["provisioningState"], "deleting");
  settle();
  EXPECT_EQ(operation(removed->id), OperationRecord::State::Succeeded);
  EXPECT_FALSE(fs::exists(uuid_folder));
  EXPECT_TRUE(fs::exists(outside / "precious"));
}

TEST_F(NodesTest, GoWithFoldersThatJobsHaveLeftUnchangeable) {
  create_cluster("c", manual(1));
  settle();
  const auto node = folder_of(nodes_of("c").at(0));
  fs::create_directories(node / "temp/cache");
  std::ofstream(node / "temp/cache/module") << "x";
  fs::permissions(node / "temp/cache", fs::perms(0555));
  fs::permissions(node, fs::perms(0555));
  const batchai::test::Unprivileged user(folder.path());
  const auto removed = clusters.remove({ws, "c"});
  settle();
  EXPECT_EQ(operation(removed->id), OperationRecord::State::Succeeded);
  EXPECT_FALSE(fs::exists(node.parent_path()));
}

TEST_F(NodesTest, HoldADeletedClusterUntilTheyAreGone) {
  create_cluster_with_setup(manual(1));
  const auto removed = clusters.remove({ws, "c"});
  settle();
  EXPECT_EQ(count("c", "leaving"), 1);
  EXPECT_EQ(operation(removed->id), OperationRecord::State::Running);
  end_stopped();
  settle();
  EXPECT_EQ(operation(removed->id), OperationRecord::State::Succeeded);
  EXPECT_THROW(clusters.get({ws, "c"}), ServiceFault);
}

TEST_F(NodesTest, AreReplacedWhenTheyAreLostWithTheirJob) {
  create_cluster("c", manual(2));
  create_job("j", job_body(1));
  settle();
  const auto before = nodes_of("c");
  engine.end(run_of("j"), {.kind = Kind::Lost});
  settle();
  const auto after = nodes_of("c");
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after[0].id, before[1].id);
  EXPECT_NE(after[1].id, before[0].id);
  EXPECT_EQ(state("j"), "running");
  EXPECT_EQ(jobs.get({exp, "j"}).hidden["nodes"], nlohmann::json({after[0].id})) << "it runs on the node that was left";
}

TEST_F(NodesTest, GrowToTheInitialCountAndShrinkFromThere) {
  auto scale = auto_scale(0, 3);
  scale["autoScale"]["initialNodeCount"] = 2;
  create_cluster("c", scale);
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 2);
  clock.advance(61s);
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 0);
}

TEST_F(NodesTest, AreAddedBesideUnusableOnesWithinTheMaximum) {
  create_cluster_with_setup(auto_scale(0, 2));
  create_job("j", job_body(1));
  settle();
  const RunOutcome failed{.kind = Kind::Exited, .exit_code = 1};
  end_setups("c", failed);
  settle();
  EXPECT_EQ(count("c", "unusable"), 1);
  EXPECT_EQ(count("c", "preparing"), 1);
  end_setups("c", failed);
  settle();
  clock.advance(1h);
  settle();
  EXPECT_EQ(count("c", "unusable"), 2) << "no more are made, and these stay so that their errors can be seen";
  jobs.terminate({exp, "j"});
  settle();
  EXPECT_EQ(cluster("c")["currentNodeCount"], 0) << "nothing waits for them any more";
}

TEST_F(NodesTest, ShareTheGpusOfTheMachine) {
  provider.gpu_count = 2;
  restart();
  auto body = cluster_body(manual(3));
  create_cluster_from("one", body);
  body["properties"]["vmSize"] = "Standard_D2_v2";
  create_cluster_from("none", body);
  settle();
  const auto nodes = nodes_of("one");
  EXPECT_THAT(nodes[0].gpus, ::testing::ElementsAre(0));
  EXPECT_THAT(nodes[1].gpus, ::testing::ElementsAre(1));
  EXPECT_THAT(nodes[2].gpus, ::testing::ElementsAre(0)) << "there are not enough for all";
  EXPECT_THAT(nodes_of("none")[0].gpus, IsEmpty());
  body = cluster_body_with_setup(manual(1));
  body["properties"]["vmSize"] = "Standard_NC24";
  create_cluster_from("four", body);
  settle();
  const auto all = nodes_of("four").at(0);
  EXPECT_THAT(all.gpus, ::testing::ElementsAre(0, 1));
  EXPECT_EQ(engine.runs.at(all.setup_run).plan.environment.at("CUDA_VISIBLE_DEVICES"), "0,1");
}

TEST_F(NodesTest, ShowTheirGpusToTheirJob) {
  provider.gpu_count = 4;
  std::vector<std::optional<std::string>> seen;
  planner = [&](const JobPlanInput& input) {
    for (const auto& node : input.nodes) {
      seen.push_back(node.visible_gpus);
    }
    return RunPlan{.run_id = input.run_id};
  };
  restart();
  create_cluster("c", manual(2));
  create_job("j", job_body(2));
  settle();
  EXPECT_THAT(seen, ::testing::ElementsAre("0", "1"));
}

}  // namespace
}  // namespace batchai::server::test
