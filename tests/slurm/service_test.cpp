#include "e2e/service.hpp"

#include "support/private_slurm.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

namespace batchai::test {

namespace {

using nlohmann::json;
using ::testing::HasSubstr;

PrivateSlurm& cluster() {
  static PrivateSlurm slurm;
  return slurm;
}

/// The real programs over the cluster of this program, three nodes.
class SlurmService : public ServiceTest {
 protected:
  void SetUp() override {
    if (const auto missing = PrivateSlurm::missing(); !missing.empty()) {
      GTEST_SKIP() << missing;
    }
    const json config = {{"engine", "slurm"}, {"slurm", {{"config", cluster().config().string()}}}};
    config_ = write_file("server.json", config.dump());
    start_service({"--config", config_.string()});
    prepare_cluster(3);
    // The test before may have left one that is just coming back.
    eventually("the nodes are idle", [] { return cluster().run("sinfo -h -r -t idle -o %D") == "3\n"; });
  }

  void TearDown() override {
    if (HasFailure()) {
      std::cout << cluster().run("squeue -l; sinfo -N -l; tail -n 40 '" +
                                 (cluster().config().parent_path() / "log/slurmctld.log").string() + "'");
    }
  }

  void start_again() { start_service({"--config", config_.string()}); }

  static json job(int nodes, const std::string& command) {
    return {{"nodeCount", nodes}, {"customToolkitSettings", {{"commandLine", command}}}};
  }

  json node_counts() const {
    return batchai_json({"cluster", "show", "-g", "rg", "-w", "ws", "-n", "c"}).at("nodeStateCounts");
  }

  /// Slurm's number of the job that has not ended.
  static std::string slurm_job() {
    std::string id = cluster().run("squeue -h -o %i");
    while (!id.empty() && id.back() == '\n') {
      id.pop_back();
    }
    return id;
  }

  /// One node, which waits for Slurm's where the test's cluster has them all.
  void submit_to_another_cluster(const std::string& name) {
    batchai_ok({"cluster", "create", "-g", "rg", "-w", "ws", "-n", "other", "--vm-size", "STANDARD_D2", "--target", "1",
                "-u", "demo", "-p", "not-a-real-password"});
    const auto file = write_file("waits.json", json{{"properties",
                                                     {{"nodeCount", 1},
                                                      {"stdOutErrPathPrefix", "$AZ_BATCHAI_JOB_TEMP"},
                                                      {"customToolkitSettings", {{"commandLine", "true"}}}}}}
                                                   .dump());
    batchai_ok({"job", "create", "-g", "rg", "-w", "ws", "-e", "e", "-n", name, "-c", "other", "-f", file.string()});
  }

  /// With the share at `afs`.
  void make_cluster_with_setup(const std::string& name, int nodes, const json& task) {
    const auto account = endpoints().at("storageAccount").get<std::string>();
    const json share = {{"accountName", account},
                        {"azureFileUrl", "https://" + account + ".file.core.windows.net/share"},
                        {"relativeMountPath", "afs"},
                        {"credentials", {{"accountKey", endpoints().at("storageKey")}}}};
    const json properties = {
        {"vmSize", "STANDARD_D2"},
        {"scaleSettings", {{"manual", {{"targetNodeCount", nodes}}}}},
        {"userAccountSettings", {{"adminUserName", "demo"}, {"adminUserPassword", "not-a-real-password"}}},
        {"nodeSetup", {{"setupTask", task}, {"mountVolumes", {{"azureFileShares", {share}}}}}}};
    const auto file = write_file("cluster.json", json{{"properties", properties}}.dump());
    batchai_ok({"cluster", "create", "-g", "rg", "-w", "ws", "-n", name, "-f", file.string()});
  }

  /// Submits the job to that cluster and returns its exit code.
  int run_on(const std::string& name, const std::string& cluster, json properties) {
    properties["stdOutErrPathPrefix"] = "$AZ_BATCHAI_MOUNT_ROOT/afs";
    const auto file = write_file(name + ".json", json{{"properties", properties}}.dump());
    batchai_ok({"job", "create", "-g", "rg", "-w", "ws", "-e", "e", "-n", name, "-c", cluster, "-f", file.string()});
    return wait_for_job(name);
  }

  std::filesystem::path config_;
};

TEST_F(SlurmService, RunsAJobAndKeepsItsOutput) {
  submit("j", "echo hello from $SLURMD_NODENAME");
  EXPECT_EQ(wait_for_job("j"), 0);
  EXPECT_THAT(log_of("j", "stdout.txt"), HasSubstr("hello from n"));
}

TEST_F(SlurmService, TellsTheExitCode) {
  submit("j", "exit 7");
  EXPECT_EQ(wait_for_job("j"), 7);
}

TEST_F(SlurmService, RunsRanksOfMpiAndPreparationOnAllNodes) {
  if (cluster().run("command -v mpirun").empty()) {
    GTEST_SKIP() << "mpirun is not installed";
  }
  submit_job("j", {{"nodeCount", 3},
                   {"customMpiSettings",
                    {{"commandLine", "echo rank $OMPI_COMM_WORLD_RANK on $SLURMD_NODENAME with $AZ_BATCHAI_JOB_TEMP"},
                     {"processCount", 6}}},
                   {"jobPreparation", {{"commandLine", "echo prepared $SLURMD_NODENAME"}}}});
  ASSERT_EQ(wait_for_job("j"), 0) << log_of("j", "stderr.txt");
  const auto text = log_of("j", "stdout.txt");
  for (const char* node : {"n1", "n2", "n3"}) {
    EXPECT_THAT(text, HasSubstr(std::string("on ") + node + " with")) << text;
  }
  std::string prepared;
  for (const auto& name : log_names("j")) {
    prepared += name.starts_with("stdout-job_prep") ? log_of("j", name) : "";
  }
  EXPECT_THAT(prepared, ::testing::AllOf(HasSubstr("n1"), HasSubstr("n2"), HasSubstr("n3")));
}

TEST_F(SlurmService, ReachesOtherNodesBySsh) {
  submit_job("j",
             job(2, "for h in $(echo $AZ_BATCH_HOST_LIST | tr , ' '); do ssh $h 'echo $SLURMD_NODENAME $HOME'; done"));
  ASSERT_EQ(wait_for_job("j"), 0) << log_of("j", "stderr.txt");
  const auto text = log_of("j", "stdout.txt");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
}

TEST_F(SlurmService, AJobOfOneNodeReachesNeitherSlurmNorWhatTheServiceKeeps) {
  const auto health =
      run_process({"curl", "-sk", endpoints().at("managementEndpoint").get<std::string>() + "/healthz"});
  if (health.out.find(R"("isolation":"sandbox")") == std::string::npos) {
    GTEST_SKIP() << "there are no sandboxes here: " << health.out;
  }
  submit("j", "cat '" + data_folder().string() + "/endpoints.json' '" + cluster().config().string() +
                  "' && echo has read; timeout 3 srun --overlap true && echo has reached; echo done");
  EXPECT_EQ(wait_for_job("j"), 0);
  EXPECT_EQ(log_of("j", "stdout.txt"), "done\n");
}

TEST_F(SlurmService, ShowsTheCountsOfSinfoAndWhatAJobWaitsFor) {
  submit_job("big", job(3, "while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.1; done"));
  wait_for_state("big", "running");
  eventually("three nodes run", [&] { return node_counts().value("runningNodeCount", 0) == 3; });
  EXPECT_EQ(cluster().run("sinfo -h -N -t alloc -o %N"), "n1\nn2\nn3\n");
  submit_to_another_cluster("waits");
  eventually("the reason is shown", [&] {
    const auto shown = job_properties("waits");
    return shown.contains("executionInfo") && !shown["executionInfo"].is_null() &&
           shown["executionInfo"]["errors"][0]["code"] == "Resources";
  });
  EXPECT_EQ(job_properties("waits").at("executionState"), "queued");
  std::ofstream(share_folder() / "go") << "x";
  EXPECT_EQ(wait_for_job("big"), 0);
  EXPECT_EQ(wait_for_job("waits"), 0);
}

TEST_F(SlurmService, ShowsNodesThatAreDownWithSlurmsReason) {
  cluster().run("scontrol update nodename=n3 state=drain reason='broken fan'");
  eventually("a node is unusable", [&] { return node_counts().value("unusableNodeCount", 0) == 1; });
  EXPECT_THAT(batchai_json({"cluster", "show", "-g", "rg", "-w", "ws", "-n", "c"}).at("errors").dump(),
              ::testing::AllOf(HasSubstr("n3"), HasSubstr("broken fan")));
  cluster().run("scontrol update nodename=n3 state=resume");
  eventually("none is", [&] { return node_counts().value("unusableNodeCount", 1) == 0; });
}

TEST_F(SlurmService, SetsEachMachineUpOnce) {
  make_cluster_with_setup("set", 3,
                          {{"commandLine", "echo $SLURMD_NODENAME >> $AZ_BATCHAI_MOUNT_ROOT/afs/set-up"},
                           {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs"}});
  for (const std::string name : {"first", "second"}) {
    EXPECT_EQ(run_on(name, "set", job(3, "true")), 0) << job_properties(name);
  }
  std::ifstream file(share_folder() / "set-up");
  std::multiset<std::string> machines{std::istream_iterator<std::string>(file), {}};
  EXPECT_EQ(machines, (std::multiset<std::string>{"n1", "n2", "n3"}));
}

TEST_F(SlurmService, KeepsWhatASetupTaskInstalledForLaterNodesOnTheMachine) {
  make_cluster_with_setup(
      "set", 1, {{"commandLine", "echo x > $HOME/installed"}, {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/afs"}});
  EXPECT_EQ(run_on("first", "set", job(1, "cat $HOME/installed")), 0) << job_properties("first");
  const auto resize = [&](int target) {
    batchai_ok({"cluster", "resize", "-g", "rg", "-w", "ws", "-n", "set", "--target", std::to_string(target)});
    eventually("it is resized", [&] {
      return batchai_json({"cluster", "show", "-g", "rg", "-w", "ws", "-n", "set"}).at("currentNodeCount") == target;
    });
  };
  resize(0);
  resize(1);
  EXPECT_EQ(run_on("second", "set", job(1, "cat $HOME/installed")), 0) << job_properties("second");
  const auto folders = [&] {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data_folder() / "nodes")) {
      found.insert(entry.path().filename().string());
    }
    return found;
  };
  EXPECT_THAT(folders(), ::testing::Contains("installed"));
  batchai_ok({"cluster", "delete", "-g", "rg", "-w", "ws", "-n", "set", "-y"});
  eventually("it is cleared away", [&] { return !folders().contains("installed"); });
}

TEST_F(SlurmService, FindsWhatEndedWhileItWasAway) {
  submit("j", "while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.1; done; exit 3");
  wait_for_state("j", "running");
  kill_service();
  std::ofstream(share_folder() / "go") << "x";
  eventually("it has ended", [] { return slurm_job().empty(); });
  start_again();
  EXPECT_EQ(wait_for_job("j"), 3);
}

TEST_F(SlurmService, FailsAJobThatAnOperatorCancels) {
  submit("j", "sleep 1000");
  wait_for_state("j", "running");
  cluster().run("scancel " + slurm_job());
  EXPECT_NE(wait_for_job("j"), 0);
  EXPECT_EQ(job_properties("j").at("executionInfo").at("errors")[0].at("code"), "JobTerminated");
}

TEST_F(SlurmService, RunsAJobAgainThatAnOperatorRequeues) {
  submit("j", "echo run >> $AZ_BATCHAI_MOUNT_ROOT/afs/runs; [ -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ] || sleep 1000");
  eventually("it runs", [&] { return std::filesystem::exists(share_folder() / "runs"); });
  std::ofstream(share_folder() / "go") << "x";
  cluster().run("scontrol requeue " + slurm_job());
  EXPECT_EQ(wait_for_job("j"), 0);
  std::ifstream runs(share_folder() / "runs");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(runs), {}), "run\nrun\n");
}

TEST_F(SlurmService, TerminatesAJobThatWaitsAndOneThatRuns) {
  submit_job("runs", job(3, "sleep 1000"));
  wait_for_state("runs", "running");
  submit_to_another_cluster("waits");
  eventually("it waits in Slurm's queue", [] { return !cluster().run("squeue -h -t PD -o %i").empty(); });
  for (const std::string name : {"waits", "runs"}) {
    batchai_ok(std::vector<std::string>{"job", "terminate", "-y"} + job_options(name));
    EXPECT_NE(wait_for_job(name), 0);
    EXPECT_EQ(job_properties(name).at("executionInfo").at("errors")[0].at("code"), "JobTerminated");
  }
}

TEST_F(SlurmService, LosesNoJobWithItsController) {
  submit("j", "while [ ! -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ]; do sleep 0.1; done; exit 4");
  wait_for_state("j", "running");
  // Otherwise it forgets the job, gives its number to the next one, and drains the node that then has two of it.
  const auto running = std::filesystem::file_time_type::clock::now();
  cluster().run("scontrol update jobid=" + slurm_job() + " timelimit=+1");
  eventually("the controller has saved it", [&] {
    std::error_code none_yet;
    return std::filesystem::last_write_time(cluster().config().parent_path() / "state/job_state", none_yet) > running;
  });
  cluster().kill_controller();
  submit("later", "echo later");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(job_properties("later").at("executionState"), "queued");
  batchai_ok({"cluster", "list", "-g", "rg", "-w", "ws"});
  batchai_ok({"job", "list", "-g", "rg", "-w", "ws", "-e", "e"});
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(6)) << "three calls, 2 s each at most";
  eventually("the service says so", [&] {
    return run_process({"curl", "-sk", endpoints().at("managementEndpoint").get<std::string>() + "/healthz"})
               .out.find("controller of Slurm does not answer") != std::string::npos;
  });
  cluster().start_controller();
  std::ofstream(share_folder() / "go") << "x";
  EXPECT_EQ(wait_for_job("j"), 4);
  EXPECT_EQ(wait_for_job("later"), 0);
}

TEST_F(SlurmService, RunsAJobAgainThatLostItsNode) {
  submit("j",
         "echo $SLURMD_NODENAME >> $AZ_BATCHAI_MOUNT_ROOT/afs/runs; "
         "[ -e $AZ_BATCHAI_MOUNT_ROOT/afs/go ] || sleep 1000");
  eventually("it runs", [&] { return std::filesystem::exists(share_folder() / "runs"); });
  std::ofstream(share_folder() / "go") << "x";
  std::string node;
  std::ifstream(share_folder() / "runs") >> node;
  cluster().kill_node_daemon(node);
  cluster().run("scontrol update nodename=" + node + " state=down reason=test");
  EXPECT_EQ(wait_for_job("j"), 0);
  cluster().start_node_daemon(node);
  cluster().run("scontrol update nodename=" + node + " state=resume");
}

TEST_F(SlurmService, FailsAJobThatLosesItsNodeOnceMoreThanItIsRunAgain) {
  submit("j", "echo run >> $AZ_BATCHAI_MOUNT_ROOT/afs/runs; sleep 1000");
  const auto runs = [&] {
    std::ifstream file(share_folder() / "runs");
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  };
  std::set<std::string> seen;
  for (int loss = 1; loss <= 6; ++loss) {
    // A job that has its node, but has not begun there, is put back by Slurm without being lost.
    eventually("it runs anew", [&] { return runs() == loss; });
    std::istringstream line(cluster().run("squeue -h -t R -o '%i %N'"));
    std::string number;
    std::string node;
    ASSERT_TRUE(line >> number >> node);
    EXPECT_TRUE(seen.insert(number).second) << number;
    // The first time Slurm has to find out by itself (SlurmdTimeout).
    if (loss == 1) {
      cluster().kill_node_daemon(node);
      eventually("Slurm has missed it",
                 [&] { return cluster().run("sinfo -h -n " + node + " -o %T").find("down") != std::string::npos; });
      cluster().start_node_daemon(node);
    } else {
      cluster().run("scontrol update nodename=" + node + " state=down reason=test");
      cluster().run("scontrol update nodename=" + node + " state=resume");
    }
  }
  EXPECT_NE(wait_for_job("j"), 0);
  EXPECT_EQ(job_properties("j").at("executionInfo").at("errors")[0].at("code"), "JobLost");
  EXPECT_EQ(runs(), 6);
}

}  // namespace

}  // namespace batchai::test
