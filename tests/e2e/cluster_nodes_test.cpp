#include "e2e/service.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

using ::testing::HasSubstr;
using Arguments = std::vector<std::string>;
using nlohmann::json;

const Arguments kWorkspace = {"-g", "rg", "-w", "ws"};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Clusters whose nodes do something: setup tasks, automatic size, jobs that lose their nodes.
class ClusterNodes : public ServiceTest {
 protected:
  json show(const std::string& name) const {
    return batchai_json(Arguments{"cluster", "show", "-n", name} + kWorkspace);
  }
  int count(const std::string& name, const std::string& state) const {
    return show(name).at("nodeStateCounts").at(state + "NodeCount").get<int>();
  }
  void expect_count(const std::string& name, const std::string& state, int wanted) const {
    eventually(std::to_string(wanted) + " " + state + " nodes in " + name,
               [&] { return count(name, state) == wanted; });
  }

  void create_cluster_with_setup(const std::string& name, const std::string& command, int nodes) {
    const json document = {
        {"properties",
         {{"nodeSetup",
           {{"setupTask",
             {{"commandLine", command},
              {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs/logs"},
              {"environmentVariables", {{{"name", "GREETING"}, {"value", "hello from $AZ_BATCHAI_MOUNT_ROOT"}}}},
              {"secrets", {{{"name", "TOKEN"}, {"value", "hush-hush"}}}}}}}}}}};
    const auto file = write_file(name + ".json", document.dump());
    batchai_ok(Arguments{"cluster",
                         "create",
                         "-n",
                         name,
                         "--vm-size",
                         "STANDARD_NC6",
                         "--target",
                         std::to_string(nodes),
                         "-u",
                         "demo",
                         "-p",
                         "not-a-real-password",
                         "--afs-name",
                         "share",
                         "--afs-mount-path",
                         "afs",
                         "--storage-account-name",
                         endpoints().at("storageAccount").get<std::string>(),
                         "-f",
                         file.string()} +
               kWorkspace);
  }
};

TEST_F(ClusterNodes, RunTheSetupTaskAndShowItsFiles) {
  start_service();
  prepare_cluster();
  create_cluster_with_setup("s",
                            "echo $GREETING; echo careful >&2; printf %s $TOKEN > $AZ_BATCHAI_MOUNT_ROOT/afs/token; "
                            "echo from-setup > ~/marker",
                            2);
  expect_count("s", "idle", 2);
  EXPECT_EQ(text_of(share_folder() / "token"), "hush-hush");
  std::vector<std::string> wanted;
  std::vector<std::string> files;
  const auto nodes = batchai_json(Arguments{"cluster", "node", "list", "-c", "s"} + kWorkspace);
  for (const auto& node : nodes) {
    const std::string id = node.at("nodeId");
    EXPECT_THAT(id, ::testing::MatchesRegex("tvm-[0-9]{10}_[12]-[0-9]{8}t[0-9]{6}z"));
    wanted.insert(wanted.end(), {"stdout-" + id + ".txt", "stderr-" + id + ".txt", "execution-" + id + ".log"});
  }
  for (const auto& file : batchai_json(Arguments{"cluster", "file", "list", "-c", "s"} + kWorkspace)) {
    files.push_back(file.at("name"));
  }
  EXPECT_EQ(nodes.size(), 2U);
  EXPECT_THAT(files, ::testing::UnorderedElementsAreArray(wanted));
  const std::string suffix = show("s").at("nodeSetup").at("setupTask").at("stdOutErrPathSuffix");
  const auto folder = share_folder() / "logs" / suffix;
  const std::string id = nodes.at(0).at("nodeId");
  EXPECT_THAT(text_of(folder / ("stdout-" + id + ".txt")), ::testing::MatchesRegex("hello from .*/mounts\n"));
  EXPECT_EQ(text_of(folder / ("stderr-" + id + ".txt")), "careful\n");
  EXPECT_THAT(text_of(folder / ("execution-" + id + ".log")), ::testing::Not(HasSubstr("hush-hush")));

  const auto nodes_folder = data_folder() / "nodes";
  const auto before = std::distance(std::filesystem::directory_iterator(nodes_folder), {});
  batchai_ok(Arguments{"cluster", "delete", "-n", "s", "-y"} + kWorkspace);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(nodes_folder), {}), before - 1);
  EXPECT_TRUE(std::filesystem::exists(folder)) << "what is on the share stays";
}

TEST_F(ClusterNodes, AreUnusableWithAFailingSetupTaskAndSayWhy) {
  start_service();
  prepare_cluster();
  create_cluster_with_setup("s", "echo no such driver >&2; exit 7", 1);
  expect_count("s", "unusable", 1);
  const auto cluster = show("s");
  ASSERT_EQ(cluster.at("errors").size(), 1U) << cluster;
  EXPECT_EQ(cluster.at("errors")[0].at("code"), "NodeSetupFailed");
  EXPECT_THAT(cluster.at("errors")[0].dump(), HasSubstr(R"({"name":"exitCode","value":"7"})"));
  EXPECT_EQ(cluster.at("allocationState"), "steady");
}

TEST_F(ClusterNodes, FinishTheirSetupTaskThroughAKillOfTheService) {
  start_service();
  prepare_cluster();
  create_cluster_with_setup("s", "while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.05; done; echo went on", 1);
  expect_count("s", "preparing", 1);
  kill_service();
  start_service();
  EXPECT_EQ(count("s", "preparing"), 1);
  batchai_ok({"files", "upload", write_file("go", "").string(), "share"});
  expect_count("s", "idle", 1);
}

TEST_F(ClusterNodes, GiveTheirJobBackToTheQueueWhenTheyAreTakenAway) {
  start_service();
  prepare_cluster();
  submit("long",
         "echo begin >> $AZ_BATCHAI_MOUNT_ROOT/afs/begun; "
         "while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.05; done");
  eventually("the job has begun", [&] { return text_of(share_folder() / "begun") == "begin\n"; });
  batchai_ok(Arguments{"cluster", "resize", "-n", "c", "--target", "0"} + kWorkspace);
  wait_for_state("long", "queued");
  eventually("the cluster is empty", [&] { return show("c").at("currentNodeCount") == 0; });
  EXPECT_FALSE(job_properties("long").contains("executionInfo") && job_properties("long")["executionInfo"].is_object());
  batchai_ok(Arguments{"cluster", "resize", "-n", "c", "--target", "1"} + kWorkspace);
  eventually("the job has begun again", [&] { return text_of(share_folder() / "begun") == "begin\nbegin\n"; });
  batchai_ok({"files", "upload", write_file("go", "").string(), "share"});
  EXPECT_EQ(batchai(Arguments{"job", "wait"} + job_options("long")).exit_code, 0);
}

TEST_F(ClusterNodes, ComeAndGoWithTheQueueWhereTheClusterScalesItself) {
  start_service({"--config", write_file("service.json", R"({"nodeIdleSeconds": 0})").string()});
  prepare_cluster();
  batchai_ok(Arguments{"cluster", "auto-scale", "-n", "c", "--min", "0", "--max", "2"} + kWorkspace);
  eventually("the cluster is empty", [&] { return show("c").at("currentNodeCount") == 0; });

  const std::string wait = "while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.05; done";
  for (const char* name : {"one", "two", "three"}) {
    submit(name, wait);
  }
  expect_count("c", "running", 2);
  wait_for_state("three", "queued");
  EXPECT_EQ(show("c").at("currentNodeCount"), 2);

  batchai_ok({"files", "upload", write_file("go", "").string(), "share"});
  for (const char* name : {"one", "two", "three"}) {
    EXPECT_EQ(wait_for_job(name), 0);
  }
  eventually("the cluster is empty again", [&] { return show("c").at("currentNodeCount") == 0; });
  EXPECT_EQ(show("c").at("allocationState"), "steady");
}

}  // namespace
}  // namespace batchai::test
