#include "job_plan_fixture.hpp"

namespace batchai::server::test {

namespace {

using ::testing::ElementsAre;

std::string host_file_of(const RunPlan& plan) {
  const auto& path = plan.processes.at(0).environment.at("AZ_BATCHAI_MPI_HOST_FILE");
  for (const auto& file : plan.files) {
    if (file.path == path) {
      return file.content;
    }
  }
  return "none";
}

class JobPlanToolkits : public JobPlanTest {
 protected:
  std::string mpirun(int count, const std::string& command) const {
    return "launch " + std::to_string(count) + " from " + job_folder(1) + "/bin: " + command;
  }

  std::string command() const {
    const auto result = plan();
    EXPECT_EQ(result.processes.size(), 1U);
    EXPECT_EQ(result.processes.at(0).stdout_file.filename(), "stdout.txt");
    return result.processes.at(0).command;
  }
};

TEST_F(JobPlanToolkits, CntkPythonOnSeveralNodesRunsUnderMpi) {
  job.node_count = 2;
  job.cntk_settings = CntkSettings{.language_type = "python",
                                   .python_script_file_path = "/s/train.py",
                                   .python_interpreter_path = "/usr/bin/python3",
                                   .command_line_args = "-n 'two words'",
                                   .process_count = 8};
  EXPECT_EQ(command(), mpirun(8, R"("/usr/bin/python3" "/s/train.py" -n 'two words')"));
  EXPECT_EQ(host_file_of(plan()), "10.0.0.4 slots=4\n10.0.0.5 slots=4\n");
  EXPECT_EQ(plan().processes[0].environment.at("KERAS_BACKEND"), "cntk");
}

TEST_F(JobPlanToolkits, CntkBrainScriptTakesItsConfigFile) {
  job.cntk_settings = CntkSettings{.config_file_path = "$AZ_BATCHAI_INPUT_CONFIG/net.cntk",
                                   .command_line_args = "rootDir=. parallelTrain=true"};
  EXPECT_EQ(command(), R"(cntk configFile="$AZ_BATCHAI_INPUT_CONFIG/net.cntk" rootDir=. parallelTrain=true)");
  job.node_count = 2;
  EXPECT_EQ(command(),
            mpirun(2, R"(cntk configFile="$AZ_BATCHAI_INPUT_CONFIG/net.cntk" rootDir=. parallelTrain=true)"));
}

TEST_F(JobPlanToolkits, OneProcessOfAnMpiToolkitNeedsNoMpi) {
  job.chainer_settings = ChainerSettings{.python_script_file_path = "/s/t.py"};
  EXPECT_EQ(command(), kPython + R"( "/s/t.py")");
  const auto environment = plan().processes[0].environment;
  EXPECT_EQ(environment.at("OMPI_COMM_WORLD_RANK"), "0");
  EXPECT_EQ(environment.at("OMPI_COMM_WORLD_SIZE"), "1");
}

TEST_F(JobPlanToolkits, ChainerAndHorovodRunUnderMpi) {
  job.node_count = 2;
  job.chainer_settings = ChainerSettings{.python_script_file_path = "/s/t.py", .command_line_args = "-g"};
  EXPECT_EQ(command(), mpirun(2, kPython + R"( "/s/t.py" -g)"));
  job.chainer_settings.reset();
  job.horovod_settings = HorovodSettings{.python_script_file_path = "/s/t.py", .process_count = 3};
  EXPECT_EQ(command(), mpirun(3, kPython + R"( "/s/t.py")"));
  EXPECT_EQ(host_file_of(plan()), "10.0.0.4 slots=2\n10.0.0.5 slots=2\n");
}

TEST_F(JobPlanToolkits, CustomMpiRunsItsCommandInEveryRank) {
  job.node_count = 2;
  job.custom_mpi_settings = CustomMpiSettings{.command_line = "cd $X && python -u a.py"};
  EXPECT_EQ(command(), mpirun(2, "cd $X && python -u a.py"));
}

TEST_F(JobPlanToolkits, CaffeTakesAConfigFileOrAScript) {
  job.caffe_settings = CaffeSettings{.config_file_path = "/s/solver.prototxt", .command_line_args = "--gpu=all"};
  EXPECT_EQ(command(), R"(caffe train --solver="/s/solver.prototxt" --gpu=all)");
  job.caffe_settings = CaffeSettings{.python_script_file_path = "/s/t.py"};
  EXPECT_EQ(command(), kPython + R"( "/s/t.py")");
}

TEST_F(JobPlanToolkits, Caffe2RunsOneProcessPerNode) {
  job.node_count = 2;
  job.caffe2_settings = Caffe2Settings{.python_script_file_path = "/s/t.py"};
  const auto result = plan();
  ASSERT_EQ(result.processes.size(), 2U);
  EXPECT_EQ(result.processes[1].node, 1U);
  EXPECT_EQ(result.processes[1].environment.at("AZ_BATCHAI_TASK_INDEX"), "1");
  EXPECT_EQ(result.processes[1].stdout_file.filename(), "stdout-1.txt");
}

TEST_F(JobPlanToolkits, PyTorchGlooMeetsInAFileOfTheSharedTemp) {
  job.node_count = 2;
  job.py_torch_settings = PyTorchSettings{.python_script_file_path = "/s/t.py",
                                          .command_line_args = "--rank $AZ_BATCHAI_TASK_INDEX",
                                          .communication_backend = "gloo"};
  const auto result = plan();
  ASSERT_EQ(result.processes.size(), 2U);
  for (std::size_t rank = 0; rank < 2; ++rank) {
    const auto& process = result.processes[rank];
    EXPECT_EQ(process.node, rank);
    EXPECT_EQ(process.command, kPython + R"( "/s/t.py" --rank $AZ_BATCHAI_TASK_INDEX)");
    EXPECT_EQ(process.environment.at("AZ_BATCHAI_TASK_INDEX"), std::to_string(rank));
    EXPECT_EQ(process.environment.at("AZ_BATCHAI_PYTORCH_BACKEND"), "gloo");
    EXPECT_EQ(process.environment.at("AZ_BATCHAI_PYTORCH_INIT_METHOD"),
              "file://" + job_folder(1) + "/shared/pytorch_init");
    EXPECT_EQ(process.stdout_file.filename(), "stdout-" + std::to_string(rank) + ".txt");
    EXPECT_TRUE(process.determines_exit);
  }
}

TEST_F(JobPlanToolkits, PyTorchTcpMeetsAtTheMaster) {
  job.node_count = 2;
  job.py_torch_settings =
      PyTorchSettings{.python_script_file_path = "/s/t.py", .process_count = 4, .communication_backend = "TCP"};
  const auto result = plan();
  ASSERT_EQ(result.processes.size(), 4U);
  EXPECT_EQ(result.processes[1].node, 0U);
  EXPECT_EQ(result.processes[2].node, 1U);
  EXPECT_EQ(result.processes[3].environment.at("AZ_BATCHAI_PYTORCH_INIT_METHOD"), "tcp://10.0.0.4:23456");
  EXPECT_EQ(result.processes[3].environment.at("AZ_BATCHAI_PYTORCH_BACKEND"), "tcp");
}

TEST_F(JobPlanToolkits, PyTorchTcpTakesAnotherPortIfTheUsualOneIsBusy) {
  provider.busy_ports = {"10.0.0.4:23456"};
  job.py_torch_settings = PyTorchSettings{.python_script_file_path = "/s/t.py", .communication_backend = "TCP"};
  EXPECT_EQ(plan().processes[0].environment.at("AZ_BATCHAI_PYTORCH_INIT_METHOD"), "tcp://10.0.0.4:23457");
}

TEST_F(JobPlanToolkits, RanksEndWithTheFirstThatFails) {
  job.py_torch_settings = PyTorchSettings{.python_script_file_path = "/s/t.py"};
  EXPECT_TRUE(plan().ends_on_failure);
  job.py_torch_settings.reset();
  job.tensor_flow_settings = TensorFlowSettings{.python_script_file_path = "/s/t.py"};
  EXPECT_FALSE(plan().ends_on_failure);
}

TEST_F(JobPlanToolkits, PyTorchMpiRunsUnderMpi) {
  job.node_count = 2;
  job.py_torch_settings = PyTorchSettings{.python_script_file_path = "/s/t.py", .communication_backend = "MPI"};
  EXPECT_EQ(command(), mpirun(2, "export AZ_BATCHAI_TASK_INDEX=$OMPI_COMM_WORLD_RANK; " + kPython + R"( "/s/t.py")"));
}

TEST_F(JobPlanToolkits, LeavesPathsWithQuotesOfTheirOwnAlone) {
  job.chainer_settings =
      ChainerSettings{.python_script_file_path = "'/a b/t.py'", .python_interpreter_path = "~/env/bin/python"};
  EXPECT_EQ(command(), "~/env/bin/python '/a b/t.py'");
  job.chainer_settings = ChainerSettings{.python_script_file_path = "/t.py", .python_interpreter_path = "python -u"};
  EXPECT_EQ(command(), R"(python -u "/t.py")");
}

TEST_F(JobPlanToolkits, TensorFlowWithOneProcessLogsAsWorkerZero) {
  job.tensor_flow_settings =
      TensorFlowSettings{.python_script_file_path = "/s/t.py", .master_command_line_args = "--steps 5"};
  const auto result = plan();
  ASSERT_EQ(result.processes.size(), 1U);
  const auto& master = result.processes[0];
  EXPECT_EQ(master.command, kPython + R"( "/s/t.py" --steps 5)");
  EXPECT_EQ(master.stdout_file.filename(), "stdout-wk-0.txt");
  EXPECT_EQ(master.stderr_file.filename(), "stderr-wk-0.txt");
  EXPECT_EQ(master.environment.at("AZ_BATCHAI_TASK_INDEX"), "0");
  EXPECT_EQ(master.environment.at("AZ_BATCHAI_WORKER_HOSTS"), "10.0.0.4:2222");
  EXPECT_EQ(master.environment.at("KERAS_BACKEND"), "tensorflow");
  EXPECT_FALSE(master.environment.contains("TF_CONFIG"));
}

TEST_F(JobPlanToolkits, TensorFlowDistributedFollowsTheDocumentedExample) {
  job.node_count = 2;
  job.tensor_flow_settings = TensorFlowSettings{.python_script_file_path = "/s/t.py",
                                                .master_command_line_args = "master",
                                                .worker_command_line_args = "worker",
                                                .parameter_server_command_line_args = "ps",
                                                .worker_count = 2,
                                                .parameter_server_count = 1};
  const auto result = plan();
  ASSERT_EQ(result.processes.size(), 3U);
  std::vector<std::string> names;
  std::vector<std::size_t> nodes;
  std::vector<bool> counting;
  std::vector<std::string> commands;
  std::vector<std::string> configs;
  for (const auto& process : result.processes) {
    EXPECT_EQ(process.environment.at("AZ_BATCHAI_PS_HOSTS"), "10.0.0.4:2222");
    EXPECT_EQ(process.environment.at("AZ_BATCHAI_WORKER_HOSTS"), "10.0.0.4:2223,10.0.0.5:2222");
    names.push_back(process.stdout_file.filename());
    nodes.push_back(process.node);
    counting.push_back(process.determines_exit);
    commands.push_back(process.command.substr(process.command.rfind(' ') + 1));
    configs.push_back(process.environment.at("TF_CONFIG"));
  }
  EXPECT_THAT(names, ElementsAre("stdout-ps-0.txt", "stdout-wk-0.txt", "stdout-wk-1.txt"));
  EXPECT_THAT(nodes, ElementsAre(0, 0, 1));
  EXPECT_THAT(counting, ElementsAre(false, true, true));
  EXPECT_THAT(commands, ElementsAre("ps", "master", "worker"));
  const auto config = [](const std::string& task) {
    return R"({"cluster":{"ps":["10.0.0.4:2222"],"worker":["10.0.0.4:2223","10.0.0.5:2222"]},)"
           R"("environment":"cloud","task":)" +
           task + "}";
  };
  EXPECT_THAT(configs, ElementsAre(config(R"({"index":0,"type":"ps"})"), config(R"({"index":0,"type":"master"})"),
                                   config(R"({"index":1,"type":"worker"})")));
}

TEST_F(JobPlanToolkits, TensorFlowSkipsPortsThatAreBusy) {
  provider.busy_ports = {"10.0.0.4:2222", "10.0.0.4:2224"};
  job.tensor_flow_settings =
      TensorFlowSettings{.python_script_file_path = "/s/t.py", .worker_count = 1, .parameter_server_count = 1};
  const auto environment = plan().processes.at(0).environment;
  EXPECT_EQ(environment.at("AZ_BATCHAI_PS_HOSTS"), "10.0.0.4:2223");
  EXPECT_EQ(environment.at("AZ_BATCHAI_WORKER_HOSTS"), "10.0.0.4:2225");
}

TEST_F(JobPlanToolkits, TensorFlowOnSeveralNodesHasAWorkerPerNodeAndOneServerByDefault) {
  job.node_count = 3;
  job.tensor_flow_settings = TensorFlowSettings{.python_script_file_path = "/s/t.py"};
  const auto result = plan();
  EXPECT_EQ(result.processes.size(), 4U);
  EXPECT_EQ(result.processes[3].environment.at("AZ_BATCHAI_TASK_INDEX"), "2");
}

}  // namespace

}  // namespace batchai::server::test
