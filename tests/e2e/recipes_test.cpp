#include "e2e/service.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

/// Scripts that the recipes run, and the framework that each needs.
const std::map<std::string, std::string> kScripts = {{"cntk/ConvNet_MNIST.py", "cntk"},
                                                     {"chainer/train_mnist.py", "chainer"},
                                                     {"classification_samples/batch_image_label.py", "tensorflow"},
                                                     {"horovod/tensorflow_mnist.py", "horovod"},
                                                     {"keras/mnist_cnn.py", "keras"},
                                                     {"pytorch/mnist_trainer.py", "torch"},
                                                     {"tensorflow/mnist_replica.py", "tensorflow"}};

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// Jobs as people wrote them: in containers, with storage that the command line fills in. Their preparations install
/// packages, which `apt` and `pip` of these tests only note: no sandbox lets a job do that.
class Recipes : public ServiceTest {
 protected:
  void start(const std::vector<std::string>& options) {
    make_program("apt", "echo apt \"$@\" >> " + installed().string());
    make_program("pip", "echo pip \"$@\" >> " + installed().string());
    make_program("python", "exec /usr/bin/python3 \"$@\"");
    environment_["PATH"] = (folder_.path() / "programs").string() + ":" + std::getenv("PATH");
    start_service(options);
    account_ = endpoints().at("storageAccount");
    environment_["AZURE_BATCHAI_STORAGE_ACCOUNT"] = account_;
    environment_["AZURE_BATCHAI_STORAGE_KEY"] = endpoints().at("storageKey");
    prepare_storage();
    prepare_resources();
  }

  fs::path installed() const { return folder_.path() / "installed"; }
  fs::path share(const std::string& name) const { return data_folder() / "files" / account_ / name; }

  /// Submits the file and gives what became of the job.
  json run(const std::string& name, const fs::path& file) const {
    batchai_ok({"job", "create", "-g", "rg", "-w", "ws", "-e", "e", "-n", name, "-c", "c", "-f", file.string()});
    wait_for_job(name);
    return job_properties(name);
  }

  std::string log(const json& job, const std::string& share_name, const std::string& name) const {
    const auto file =
        share(share_name) / job.at("jobOutputDirectoryPathSegment").get<std::string>() / "stdouterr" / name;
    std::ifstream stream(file, std::ios::binary);
    return stream ? std::string(std::istreambuf_iterator<char>(stream), {}) : "there is no " + file.string();
  }

  /// That the job got to where it needs its framework.
  void expect_reached(const json& job) const {
    const std::string tool = job.at("toolType");
    const int exit_code = job.at("executionInfo").at("exitCode");
    const json cntk = job.value("cntkSettings", json());
    if (cntk.is_object() && cntk.value("languageType", "") == "BrainScript") {
      EXPECT_EQ(exit_code, 127);
      EXPECT_THAT(log(job, "external", "stderr.txt"), HasSubstr("cntk: command not found"));
      return;
    }
    const std::string tag = tool == "tensorflow" ? "-wk-0.txt" : tool == "pytorch" ? "-0.txt" : ".txt";
    const auto error = log(job, "logs", "stderr" + tag);
    EXPECT_THAT(log(job, "logs", "stdout" + tag), HasSubstr("reached ")) << error;
    if (exit_code != 0) {
      EXPECT_EQ(exit_code, 1) << error;
      EXPECT_THAT(error, HasSubstr("No module named"));
    }
  }

 private:
  void make_program(const std::string& name, const std::string& body) const {
    const auto file = folder_.path() / "programs" / name;
    write(file, "#!/bin/sh\n" + body + "\n");
    fs::permissions(file, fs::perms::owner_all);
  }

  void prepare_storage() const {
    for (const std::string name : {"logs", "scripts", "external"}) {
      batchai_ok({"files", "share", "create", "-n", name});
    }
    fs::create_directories(data_folder() / "blobs" / account_ / "data");
    for (const auto& [script, framework] : kScripts) {
      write(share("scripts") / script, "import sys\nprint('reached " + framework +
                                           " with', sys.argv[1:], flush=True)\nimport " + framework + "\n");
    }
    write(share("external") / "cntk_samples" / "ConvNet_MNIST.cntk", "");
  }

  void prepare_resources() const {
    const std::vector<std::string> place = {"-g", "rg", "-w", "ws"};
    batchai_ok({"group", "create", "-n", "rg", "-l", "eastus"});
    batchai_ok({"workspace", "create", "-g", "rg", "-n", "ws"});
    batchai_ok(std::vector<std::string>{"cluster", "create", "-n", "c", "-s", "STANDARD_NC6", "-t", "2", "-u", "demo",
                                        "-p", "not-a-real-password", "--afs-name", "external", "--afs-mount-path",
                                        "external"} +
               place);
    batchai_ok(std::vector<std::string>{"experiment", "create", "-n", "e"} + place);
  }

  std::string account_;
};

json job_document(const std::string& toolkit, json settings, int nodes) {
  const std::string host = "https://<AZURE_BATCHAI_STORAGE_ACCOUNT>.file.core.windows.net/";
  json volumes = {{"azureFileShares",
                   {{{"azureFileUrl", host + "logs"}, {"relativeMountPath", "logs"}},
                    {{"azureFileUrl", host + "scripts"}, {"relativeMountPath", "scripts"}}}},
                  {"azureBlobFileSystems",
                   {{{"accountName", "<AZURE_BATCHAI_STORAGE_ACCOUNT>"},
                     {"containerName", "data"},
                     {"relativeMountPath", "data"}}}}};
  return {{"$schema", "https://example.org/job.json"},
          {"properties",
           {{"nodeCount", nodes},
            {toolkit, std::move(settings)},
            {"stdOutErrPathPrefix", "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs"},
            {"outputDirectories",
             {{{"id", "MODEL"}, {"pathPrefix", "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs"}, {"pathSuffix", "Models"}}}},
            {"mountVolumes", std::move(volumes)},
            {"containerSettings", {{"imageSourceRegistry", {{"image", "vendor/framework:1.0-gpu"}}}}}}}};
}

const std::string kScriptsRoot = "$AZ_BATCHAI_JOB_MOUNT_ROOT/scripts/";

TEST_F(Recipes, RunUpToTheirFrameworkWhereContainersRunOnTheHost) {
  start({"--containers", "host", "--isolation", "none"});
  auto keras = job_document("tensorFlowSettings", {{"pythonScriptFilePath", kScriptsRoot + "keras/mnist_cnn.py"}}, 1);
  keras["properties"]["jobPreparation"] = {{"commandLine", "apt update; apt install thing -y; pip install keras"}};
  auto brain_script = job_document("cntkSettings",
                                   {{"configFilePath", "$AZ_BATCHAI_INPUT_CONFIG/ConvNet_MNIST.cntk"},
                                    {"commandLineArgs", "rootDir=. outputDir=$AZ_BATCHAI_OUTPUT_MODEL"}},
                                   1);
  brain_script["properties"]["stdOutErrPathPrefix"] = "$AZ_BATCHAI_MOUNT_ROOT/external";
  brain_script["properties"]["inputDirectories"] = {
      {{"id", "CONFIG"}, {"path", "$AZ_BATCHAI_MOUNT_ROOT/external/cntk_samples"}}};
  const std::vector<std::pair<std::string, json>> jobs = {
      {"keras", keras},
      {"brain-script", brain_script},
      {"cntk", job_document("cntkSettings",
                            {{"pythonScriptFilePath", kScriptsRoot + "cntk/ConvNet_MNIST.py"},
                             {"commandLineArgs", "$AZ_BATCHAI_JOB_MOUNT_ROOT/data/mnist $AZ_BATCHAI_OUTPUT_MODEL"}},
                            1)},
      {"torch", job_document("pyTorchSettings",
                             {{"pythonScriptFilePath", kScriptsRoot + "pytorch/mnist_trainer.py"},
                              {"commandLineArgs", "--dist-url $AZ_BATCHAI_PYTORCH_INIT_METHOD"},
                              {"communicationBackend", "gloo"}},
                             2)},
      {"replicas", job_document("tensorFlowSettings",
                                {{"parameterServerCount", 1},
                                 {"workerCount", 2},
                                 {"pythonScriptFilePath", kScriptsRoot + "tensorflow/mnist_replica.py"},
                                 {"masterCommandLineArgs", "--data_dir=$AZ_BATCHAI_INPUT_DATASET"}},
                                2)}};
  for (const auto& [name, document] : jobs) {
    SCOPED_TRACE(name);
    expect_reached(run(name, write_file(name + ".json", document.dump())));
  }
  std::ifstream noted(installed());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(noted), {}),
            "apt update\napt install thing -y\npip install keras\n");
}

TEST_F(Recipes, AsPublishedRunUpToTheirFramework) {
  const char* shared = std::getenv("BATCHAI_SHARED");
  if (shared == nullptr) {
    GTEST_SKIP() << "BATCHAI_SHARED does not name the folder with the published recipes";
  }
  const bool has_mpi = run_process({"/bin/sh", "-c", "command -v mpirun"}).exit_code == 0;
  start({"--containers", "host", "--isolation", "none"});
  int count = 0;
  for (const auto& file : fs::directory_iterator(fs::path(shared) / "reference" / "recipes")) {
    if (file.path().extension() != ".json") {
      continue;
    }
    SCOPED_TRACE(file.path().filename().string());
    const auto job = run("recipe-" + std::to_string(++count), file.path());
    const std::string tool = job.at("toolType");
    const bool needs_mpi = tool == "chainer" || tool == "horovod" || tool == "custommpi";
    if (has_mpi || !needs_mpi) {
      expect_reached(job);
    }
  }
  EXPECT_EQ(count, 8);
}

TEST_F(Recipes, FailWithTheirImageWhereContainersAreRefused) {
  start({});
  const auto document =
      job_document("cntkSettings", {{"pythonScriptFilePath", kScriptsRoot + "cntk/ConvNet_MNIST.py"}}, 1);
  const auto job = run("refused", write_file("refused.json", document.dump()));
  EXPECT_EQ(job.at("executionState"), "failed");
  const auto& error = job.at("executionInfo").at("errors").at(0);
  EXPECT_EQ(error.at("code"), "FailedStartingContainer");
  EXPECT_THAT(error.at("message").get<std::string>(), HasSubstr("--containers host"));
  EXPECT_EQ(error.at("details"), json::parse(R"([{"name": "imageName", "value": "vendor/framework:1.0-gpu"}])"));
}

}  // namespace
}  // namespace batchai::test
