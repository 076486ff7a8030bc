#include "job_plan_fixture.hpp"

namespace batchai::server::test {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using Path = std::filesystem::path;

TEST_F(JobPlanTest, PlansTheQuickstart) {
  cluster.node_setup = NodeSetup{.mount_volumes = MountVolumes{.azure_file_shares = {share("data")}}};
  job.mount_volumes.reset();
  job.std_out_err_path_prefix = "$AZ_BATCHAI_MOUNT_ROOT/data";
  job.input_directories = {{.id = "SAMPLE", .path = "$AZ_BATCHAI_MOUNT_ROOT/data/mnistcntksample"}};
  job.output_directories = {{.id = "MODEL", .path_prefix = "$AZ_BATCHAI_MOUNT_ROOT/data", .path_suffix = "Models"}};
  job.cntk_settings = CntkSettings{.python_script_file_path = "$AZ_BATCHAI_INPUT_SAMPLE/ConvNet_MNIST.py",
                                   .command_line_args = "$AZ_BATCHAI_INPUT_SAMPLE $AZ_BATCHAI_OUTPUT_MODEL"};
  const auto result = plan();

  EXPECT_EQ(result.run_id, "run");
  const auto mounted = folder(1) + "/mounts/data";
  EXPECT_THAT(result.node_mounts, ElementsAre(Pair(Path(mounted), scratch / "files/data")));
  EXPECT_THAT(result.mounts, ::testing::IsEmpty());
  const auto stdouterr = mounted + "/" + kSegment + "/stdouterr";
  const auto model = mounted + "/" + kSegment + "/outputs/Models";
  EXPECT_THAT(result.directories, Contains(Path(stdouterr)));
  EXPECT_THAT(result.directories, Contains(Path(model)));

  ASSERT_EQ(result.processes.size(), 1U);
  const auto& process = result.processes[0];
  EXPECT_EQ(process.command, kPython + R"( "$AZ_BATCHAI_INPUT_SAMPLE/ConvNet_MNIST.py")"
                                       " $AZ_BATCHAI_INPUT_SAMPLE $AZ_BATCHAI_OUTPUT_MODEL");
  EXPECT_EQ(process.stdout_file, stdouterr + "/stdout.txt");
  EXPECT_EQ(process.stderr_file, stdouterr + "/stderr.txt");
  EXPECT_EQ(process.environment.at("AZ_BATCHAI_INPUT_SAMPLE"), mounted + "/mnistcntksample");
  EXPECT_EQ(process.environment.at("AZ_BATCHAI_OUTPUT_MODEL"), model);
  EXPECT_EQ(process.environment.at("AZ_BATCHAI_STDOUTERR_DIR"), stdouterr);
  EXPECT_EQ(result.nodes.at(0).execution_log, stdouterr + "/execution.log");
  EXPECT_EQ(result.nodes.at(0).working_directory, process.environment.at("AZ_BATCHAI_JOB_TEMP"));
  EXPECT_EQ(result.limit, std::chrono::days(7));
}

TEST_F(JobPlanTest, SetsEveryVariableOfACustomJob) {
  gpus = 4;
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "env | sort; exit 3"};
  const auto result = plan();
  ASSERT_EQ(result.processes.size(), 1U);
  EXPECT_EQ(result.processes[0].command, "env | sort; exit 3");
  const std::map<std::string, std::string> expected{
      {"AZ_BATCHAI_MOUNT_ROOT", folder(1) + "/mounts"},
      {"AZ_BATCHAI_JOB_MOUNT_ROOT", job_folder(1) + "/mounts"},
      {"AZ_BATCHAI_JOB_TEMP", folder(1) + "/temp/uuid"},
      {"AZ_BATCHAI_JOB_TEMP_DIR", folder(1) + "/temp"},
      {"AZ_BATCHAI_SHARED_JOB_TEMP", job_folder(1) + "/shared"},
      {"AZ_BATCHAI_STDOUTERR_DIR", job_folder(1) + "/mounts/logs/" + kSegment + "/stdouterr"},
      {"AZ_BATCHAI_MPI_HOST_FILE", job_folder(1) + "/hostfile"},
      {"AZ_BATCHAI_MPI_MASTER_NODE", "10.0.0.4"},
      {"AZ_BATCH_HOST_LIST", "10.0.0.4"},
      {"AZ_BATCH_MASTER_NODE", "10.0.0.4:6000"},
      {"AZ_BATCHAI_NUM_GPUS", "4"},
      {"AZ_BATCHAI_NUM_GPUS_PER_NODE", "4"},
      {"HOME", folder(1) + "/home"},
      {"PYTHONUNBUFFERED", "1"},
      {"FABRIC", "none"}};
  EXPECT_EQ(result.processes[0].environment, expected);
}

TEST_F(JobPlanTest, RunsACustomJobOnTheMasterOnlyWhateverItsNodes) {
  job.node_count = 3;
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  const auto result = plan();
  ASSERT_EQ(result.processes.size(), 1U);
  EXPECT_EQ(result.processes[0].node, 0U);
  EXPECT_EQ(result.nodes.size(), 3U);
  EXPECT_EQ(result.processes[0].environment.at("AZ_BATCH_HOST_LIST"), "10.0.0.4,10.0.0.5,10.0.0.6");
}

TEST_F(JobPlanTest, PreparesOneNodeWithPlainLogNames) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.job_preparation = JobPreparation{.command_line = "pip install x"};
  const auto result = plan();
  ASSERT_EQ(result.preparation.size(), 1U);
  EXPECT_EQ(result.preparation[0].command, "pip install x");
  EXPECT_EQ(result.preparation[0].stdout_file.filename(), "stdout-job_prep.txt");
  EXPECT_EQ(result.preparation[0].stderr_file.filename(), "stderr-job_prep.txt");
  EXPECT_EQ(result.preparation[0].environment, result.processes[0].environment);
}

TEST_F(JobPlanTest, PreparesEveryNodeAndNamesLogsByNode) {
  job.node_count = 2;
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.job_preparation = JobPreparation{.command_line = "true"};
  const auto result = plan();
  ASSERT_EQ(result.preparation.size(), 2U);
  EXPECT_EQ(result.preparation[1].node, 1U);
  EXPECT_EQ(result.preparation[1].stdout_file.filename(), "stdout-job_prep-tvm-2.txt");
  EXPECT_EQ(result.preparation[1].environment.at("AZ_BATCHAI_JOB_TEMP"), folder(2) + "/temp/uuid");
  EXPECT_EQ(result.preparation[1].environment.at("AZ_BATCHAI_SHARED_JOB_TEMP"), job_folder(1) + "/shared");
  EXPECT_EQ(result.nodes[1].execution_log.filename(), "execution-tvm-2.log");
}

TEST_F(JobPlanTest, ExpandsServiceVariablesInUserVariablesOnly) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.environment_variables = {{"A", "$AZ_BATCHAI_JOB_TEMP/x:$PATH"}, {"B", "plain"}, {"AZ_BATCHAI_JOB_TEMP", "mine"}};
  job.secrets = {{.name = "S", .value = Secret("$AZ_BATCHAI_JOB_TEMP")}, {.name = "B", .value = Secret("secret")}};
  const auto environment = plan().processes[0].environment;
  EXPECT_EQ(environment.at("A"), folder(1) + "/temp/uuid/x:$PATH");
  EXPECT_EQ(environment.at("S"), "$AZ_BATCHAI_JOB_TEMP");
  EXPECT_EQ(environment.at("B"), "secret");
  EXPECT_EQ(environment.at("AZ_BATCHAI_JOB_TEMP"), folder(1) + "/temp/uuid");
}

TEST_F(JobPlanTest, ExpandsTheToolkitsVariablesInUserVariables) {
  job.node_count = 2;
  job.job_preparation = JobPreparation{.command_line = "true"};
  job.py_torch_settings = PyTorchSettings{.python_script_file_path = "/s/t.py", .communication_backend = "gloo"};
  job.environment_variables = {{"INIT", "${AZ_BATCHAI_PYTORCH_INIT_METHOD}"}, {"RANK", "$AZ_BATCHAI_TASK_INDEX"}};
  const auto result = plan();
  const auto init = "file://" + job_folder(1) + "/shared/pytorch_init";
  EXPECT_EQ(result.processes.at(1).environment.at("INIT"), init);
  EXPECT_EQ(result.processes.at(1).environment.at("RANK"), "1");
  EXPECT_EQ(result.preparation.at(1).environment.at("INIT"), init);
}

TEST_F(JobPlanTest, LetsTheUserOverrideWhatIsNotTheServicesOwn) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.environment_variables = {
      {"HOME", "/mine"}, {"FABRIC", "mine"}, {"PYTHONUNBUFFERED", ""}, {"AZ_BATCH_HOST_LIST", "mine"}};
  const auto environment = plan().processes[0].environment;
  EXPECT_EQ(environment.at("HOME"), "/mine");
  EXPECT_EQ(environment.at("FABRIC"), "mine");
  EXPECT_EQ(environment.at("PYTHONUNBUFFERED"), "");
  EXPECT_EQ(environment.at("AZ_BATCH_HOST_LIST"), "10.0.0.4");
}

TEST_F(JobPlanTest, PutsTheProgramsOfTheNodesInFrontOfThePath) {
  job.node_count = 2;
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  const auto result = plan();
  EXPECT_EQ(result.programs, job_folder(1) + "/bin");
  std::map<std::string, std::string> files;
  for (const auto& file : result.files) {
    files.emplace(file.path.string(), file.content);
  }
  EXPECT_EQ(files.at(job_folder(1) + "/bin/10.0.0.4"), folder(1) + "/home");
  EXPECT_EQ(files.at(job_folder(1) + "/bin/10.0.0.5"), folder(2) + "/home");
}

TEST_F(JobPlanTest, MakesWhatMpiNeedsForJobsThatMayUseIt) {
  job.node_count = 1;
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  const auto plain = plan();
  EXPECT_THAT(plain.directories, ::testing::Not(::testing::Contains(job_folder(1) + "/mpi")));
  job.custom_toolkit_settings.reset();
  job.custom_mpi_settings = CustomMpiSettings{.command_line = "true", .process_count = 2};
  const auto mpi = plan();
  EXPECT_EQ(mpi.files.size(), plain.files.size() + 1) << "the launcher";
  EXPECT_THAT(mpi.directories, ::testing::Contains(job_folder(1) + "/mpi"));
  job.custom_mpi_settings.reset();
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "mpirun true"};
  job.node_count = 2;
  EXPECT_THAT(plan().directories, ::testing::Contains(job_folder(1) + "/mpi")) << "for daemons on other nodes";
}

TEST_F(JobPlanTest, ShowsProcessesTheGpusOfTheirNode) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  EXPECT_FALSE(plan().processes[0].environment.contains("CUDA_VISIBLE_DEVICES"));
  auto with_gpus = input();
  with_gpus.nodes[0].visible_gpus = "2,3";
  EXPECT_EQ(plan_job(with_gpus).processes[0].environment.at("CUDA_VISIBLE_DEVICES"), "2,3");
  job.environment_variables = {{"CUDA_VISIBLE_DEVICES", "3"}};
  EXPECT_EQ(plan_job(with_gpus).processes[0].environment.at("CUDA_VISIBLE_DEVICES"), "3");
}

TEST_F(JobPlanTest, TakesUnknownVariablesInPathsForEmpty) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.input_directories = {{.id = "A", .path = "$AZ_BATCHAI_INPUT_DATASET/x"}, {.id = "B", .path = "${HOME}/y"}};
  const auto environment = plan().processes[0].environment;
  EXPECT_EQ(environment.at("AZ_BATCHAI_INPUT_A"), "/x");
  EXPECT_EQ(environment.at("AZ_BATCHAI_INPUT_B"), "/y");
}

TEST_F(JobPlanTest, KeepsOutputsOfARelativePrefixInTheJobsTemp) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.std_out_err_path_prefix = "logs/";
  EXPECT_EQ(plan().processes[0].stdout_file, folder(1) + "/temp/uuid/logs/" + kSegment + "/stdouterr/stdout.txt");
}

TEST_F(JobPlanTest, KeepsASuffixThatBeginsWithASlashBelowThePrefix) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.output_directories = {{.id = "O", .path_prefix = "/data/", .path_suffix = "/a/b"}};
  EXPECT_EQ(plan().processes[0].environment.at("AZ_BATCHAI_OUTPUT_O"), "/data/" + kSegment + "/outputs/a/b");
}

TEST_F(JobPlanTest, TakesTheLimitFromTheConstraintsRoundedUp) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.constraints = JobConstraints{.max_wall_clock_time = std::chrono::milliseconds(90'500)};
  EXPECT_EQ(plan().limit, std::chrono::seconds(91));
}

TEST_F(JobPlanTest, ClearsWhatEarlierJobsLeft) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  EXPECT_THAT(plan().cleared, ElementsAre(Path(folder(1) + "/temp"), Path(job_folder(1))));
}

TEST_F(JobPlanTest, RefusesWrongIdsAndNames) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  const Job good = job;
  job.output_directories = {{.id = "A", .path_prefix = "/x"}, {.id = "A", .path_prefix = "/y"}};
  EXPECT_THAT(refusal(), Pair("InvalidJob", HasSubstr("\"A\" is used twice")));
  job = good;
  job.input_directories = {{.id = "stdouterr", .path = "/x"}};
  EXPECT_THAT(refusal(), Pair("InvalidJob", HasSubstr("\"stdouterr\" cannot be the id of an input directory")));
  job.input_directories = {{.id = "a-b", .path = "/x"}};
  EXPECT_THAT(refusal(), Pair("InvalidJob", HasSubstr("\"a-b\"")));
  job = good;
  job.environment_variables = {{"A=B", "c"}};
  EXPECT_THAT(refusal(), Pair("InvalidJob", HasSubstr("\"A=B\"")));
}

TEST_F(JobPlanTest, RefusesWhatThisServiceCannotRead) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.secrets = {{.name = "S", .value_secret_reference = KeyVaultSecretReference{.secret_url = "https://v"}}};
  EXPECT_THAT(refusal(), Pair("InvalidJob", HasSubstr("key vault")));
}

TEST_F(JobPlanTest, RefusesAnotherNumberOfNodes) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  auto given = input();
  given.nodes.clear();
  EXPECT_THROW(plan_job(given), JobPlanError);
}

TEST_F(JobPlanTest, RefusesAJobWithoutToolkit) { EXPECT_EQ(refusal().first, "InvalidJob"); }

TEST_F(JobPlanTest, RefusesContainersUnlessTheOperatorRunsThemOnTheHost) {
  job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"};
  job.container_settings = ContainerSettings{.image_source_registry = {.image = "microsoft/cntk:2.5"}};
  try {
    plan();
    FAIL() << "planned";
  } catch (const JobPlanError& error) {
    EXPECT_EQ(error.code(), "FailedStartingContainer");
    EXPECT_THAT(error.details(), ElementsAre(Pair("imageName", "microsoft/cntk:2.5")));
    EXPECT_THAT(error.message(), HasSubstr("--containers host"));
  }
  auto on_host = input();
  on_host.containers.kind = ContainerUse::Kind::Host;
  const auto planned = plan_job(on_host);
  EXPECT_FALSE(planned.container);
  EXPECT_THAT(planned.remark, HasSubstr("asks for the image microsoft/cntk:2.5, but runs on the node itself"));
}

}  // namespace

}  // namespace batchai::server::test
