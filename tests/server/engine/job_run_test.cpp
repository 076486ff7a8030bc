#include "batchai/models/cluster.hpp"
#include "batchai/models/job.hpp"
#include "contract/engine_lab.hpp"
#include "server/engine/local_engine.hpp"
#include "server/engine/local_node_provider.hpp"
#include "server/planning/job_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

/// Whole jobs: planned, run by the local engine, and looked at through the share that they wrote to.
class JobRun : public ::testing::Test {
 protected:
  JobRun() {
    std::filesystem::create_directories(scratch / "files/logs");
    job.std_out_err_path_prefix = "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs";
    job.mount_volumes = MountVolumes{.azure_file_shares = {{.account_name = "store",
                                                            .azure_file_url = "http://127.0.0.1/store/logs",
                                                            .credentials = {.account_key = Secret("key")},
                                                            .relative_mount_path = "logs"}}};
  }

  JobPlanInput input(int nodes) {
    job.node_count = nodes;
    JobPlanInput result{.job = job,
                        .cluster = cluster,
                        .subscription = "sub",
                        .group = "grp",
                        .workspace = "ws",
                        .experiment = "exp",
                        .job_name = "job",
                        .output_uuid = "uuid",
                        .run_id = "run"};
    for (int node = 1; node <= nodes; ++node) {
      const auto number = std::to_string(node);
      result.nodes.push_back(
          {.id = "tvm-" + number, .address = "127.0.5." + number, .folder = scratch / ("nodes/" + number)});
    }
    result.accounts = [this](std::string_view) {
      return HostedAccount{.keys = {Secret("key")}, .shares = scratch / "files"};
    };
    result.provider = &nodes_;
    return result;
  }

  RunOutcome run(int nodes) {
    const auto given = input(nodes);
    Service service(std::make_unique<LocalEngine>(
        LocalEngineOptions{.runs_folder = scratch / "runs", .supervisor = BATCHAI_SUPERVISOR}));
    return service.run(plan_job(given));
  }

  /// A file of the job's stdouterr directory.
  std::string log(const std::string& name) {
    return read_text(output_location(input(job.node_count), "stdouterr")->folder() / name);
  }

  void write_script(const std::string& name, const std::string& text) const {
    std::ofstream(scratch / ("files/logs/" + name)) << text;
  }

  static std::string sorted_lines(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
      lines.push_back(line);
    }
    std::ranges::sort(lines);
    std::string result;
    for (const auto& line : lines) {
      result += line + "\n";
    }
    return result;
  }

  const Scratch scratch;
  Job job;
  Cluster cluster;
  LocalNodeProvider nodes_{scratch.path(), 0};
};

TEST_F(JobRun, RunsAPythonScriptFromTheShareAndKeepsItsModel) {
  write_script("train.py",
               "import os, sys\n"
               "open(os.path.join(sys.argv[1], 'model'), 'w').write('trained')\n"
               "print('done')\n");
  job.cntk_settings = CntkSettings{.python_script_file_path = "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs/train.py",
                                   .command_line_args = "$AZ_BATCHAI_OUTPUT_MODEL"};
  job.output_directories = {{.id = "MODEL", .path_prefix = "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs", .path_suffix = "Models"}};
  EXPECT_EQ(run(1).exit_code, 0);
  EXPECT_EQ(log("stdout.txt"), "done\n");
  EXPECT_EQ(log("stderr.txt"), "");
  EXPECT_EQ(read_text(output_location(input(1), "MODEL")->folder() / "model"), "trained");
}

TEST_F(JobRun, PreparesEveryNodeAndPassesSecretsToBoth) {
  job.job_preparation =
      JobPreparation{.command_line = "echo \"prepared $TOKEN\"; echo export X=from-prep >> ~/.bashrc"};
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "echo $TOKEN $X; pwd"};
  job.secrets = {{.name = "TOKEN", .value = Secret("t$1")}};
  EXPECT_EQ(run(2).exit_code, 0);
  EXPECT_EQ(log("stdout-job_prep-tvm-1.txt"), "prepared t$1\n");
  EXPECT_EQ(log("stdout-job_prep-tvm-2.txt"), "prepared t$1\n");
  EXPECT_EQ(log("stdout.txt"), "t$1 from-prep\n" + (scratch / "nodes/1/temp/uuid").string() + "\n");
  EXPECT_THAT(log("execution-tvm-2.log"), ::testing::HasSubstr("job_prep ended with exit code 0"));
}

TEST_F(JobRun, RunsRolesOfTensorFlowAndEndsTheServersWithTheWorkers) {
  write_script("role.py",
               "import json, os, sys, time\n"
               "task = json.loads(os.environ['TF_CONFIG'])['task']\n"
               "print(task['type'], task['index'], flush=True)\n"
               "if task['type'] == 'ps': time.sleep(1000)\n");
  job.tensor_flow_settings = TensorFlowSettings{.python_script_file_path = "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs/role.py"};
  EXPECT_EQ(run(2).exit_code, 0);
  EXPECT_EQ(log("stdout-wk-0.txt"), "master 0\n");
  EXPECT_EQ(log("stdout-wk-1.txt"), "worker 1\n");
  EXPECT_TRUE(std::filesystem::exists(output_location(input(2), "stdouterr")->folder() / "stdout-ps-0.txt"));
}

TEST_F(JobRun, StartsMpiRanksOnAllNodes) {
  if (std::system("command -v mpirun > /dev/null") != 0) {
    GTEST_SKIP() << "mpirun is not installed (openmpi-bin)";
  }
  job.environment_variables = {{"WORD", "two words"}};
  job.custom_mpi_settings = CustomMpiSettings{
      .command_line = "echo \"rank $OMPI_COMM_WORLD_RANK.$OMPI_COMM_WORLD_LOCAL_RANK of 'it' has $WORD\"",
      .process_count = 4};
  EXPECT_EQ(run(2).exit_code, 0) << log("stderr.txt");
  EXPECT_EQ(sorted_lines(log("stdout.txt")),
            "rank 0.0 of 'it' has two words\nrank 1.1 of 'it' has two words\n"
            "rank 2.0 of 'it' has two words\nrank 3.1 of 'it' has two words\n");
}

TEST_F(JobRun, ReportsTheExitCodeOfAFailingRank) {
  if (std::system("command -v mpirun > /dev/null") != 0) {
    GTEST_SKIP() << "mpirun is not installed (openmpi-bin)";
  }
  job.custom_mpi_settings = CustomMpiSettings{.command_line = "exit $((OMPI_COMM_WORLD_RANK * 5))"};
  EXPECT_EQ(run(2).exit_code, 5) << log("stderr.txt");
}

}  // namespace

}  // namespace batchai::server::test
