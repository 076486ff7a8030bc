#include "e2e/service.hpp"
#include "support/container_image.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string whole_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Command lines with this text.
std::vector<std::string> command_lines_of(const std::string& text) {
  std::vector<std::string> found;
  for (const auto& process : fs::directory_iterator("/proc")) {
    if (auto content = whole_file(process.path() / "cmdline"); content.find(text) != std::string::npos) {
      found.push_back(process.path().string() + ": " + content);
    }
  }
  return found;
}

/// A service whose jobs get containers, two nodes, and an image on their share. Skipped where there can be none.
class ContainerJob : public ServiceTest {
 protected:
  void SetUp() override {
    if (!has_static_busybox()) {
      GTEST_SKIP() << "busybox-static is not installed";
    }
    const auto started = start();
    if (started.err.find("--containers podman: ") != std::string::npos) {
      GTEST_SKIP() << started.err;
    }
    ASSERT_EQ(started.exit_code, 0) << started.err;
    prepare_cluster(2);
    make_container_image(folder_.path() / "image", share_folder() / "image.tar");
  }

  void TearDown() override {
    batchai({"local", "stop"});
    // The names of temporary folders are too long for podman.
    if (const auto folder = whole_file(data_folder() / "containers" / "run-folder"); !folder.empty()) {
      fs::remove_all(folder);
    }
  }

  ProcessResult start() const {
    const auto config = write_file("server.json", R"({"sandboxReadable": "/usr:/etc"})");
    return batchai({"local", "start", "--management-port", "0", "--files-port", "0", "--containers", "podman",
                    "--config", config.string()});
  }

  void submit_in(const std::string& image, const std::string& job, const std::string& command,
                 json more = json::object()) {
    more.update({{"containerSettings", {{"imageSourceRegistry", {{"image", image}}}, {"shmSize", "3m"}}},
                 {"customToolkitSettings", {{"commandLine", command}}}});
    more.emplace("nodeCount", 1);
    submit_job(job, more);
  }

  void expect_no_containers() const {
    const auto left = run_process({(data_folder() / "containers" / "podman").string(), "ps", "--all", "--quiet"});
    EXPECT_EQ(left.exit_code, 0) << left.err;
    EXPECT_EQ(left.out, "");
  }

  json error_of(const std::string& job) const { return job_properties(job).at("executionInfo").at("errors").at(0); }

  const std::string image_ = "$AZ_BATCHAI_MOUNT_ROOT/afs/image.tar";
};

TEST_F(ContainerJob, RunsInItsImageWithWhatItsPreparationHasMade) {
  const std::string secret = std::string("very-secret-") + "word-" + folder_.path().filename().string();
  const std::string root = "$AZ_BATCHAI_MOUNT_ROOT/afs";
  fs::create_directory(share_folder() / "data");
  std::ofstream(share_folder() / "data" / "input") << "an input\n";
  submit_in(image_, "j",
            "cat $AZ_BATCHAI_INPUT_IN/input /made; echo $OF_IMAGE; echo \"$LINES\"; echo ${#TOKEN}; id -u; pwd | "
            "grep -c temp; df -m /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2; ls " +
                data_folder().string() + "; cp /made $AZ_BATCHAI_OUTPUT_OUT/; until [ -e " + root +
                "/go ]; do sleep 0.05; done; exit 7",
            {{"nodeCount", 2},
             {"environmentVariables", {{{"name", "LINES"}, {"value", "one 'line'\nand another"}}}},
             {"secrets", {{{"name", "TOKEN"}, {"value", secret}}}},
             {"inputDirectories", {{{"id", "IN"}, {"path", root + "/data"}}}},
             {"outputDirectories", {{{"id", "OUT"}, {"pathPrefix", root}}}},
             {"jobPreparation", {{"commandLine", "echo prepared >>/made"}}}});
  eventually("it runs", [&] { return log_of("j", "stdout.txt").ends_with("nodes\n"); });
  EXPECT_THAT(command_lines_of(secret), IsEmpty());
  std::ofstream(share_folder() / "go") << "";
  EXPECT_EQ(wait_for_job("j"), 7);
  EXPECT_EQ(log_of("j", "stdout.txt"), "an input\nprepared\nprepared\nyes\none 'line'\nand another\n" +
                                           std::to_string(secret.size()) + "\n0\n1\n3\nfiles\nnodes\n");
  EXPECT_EQ(log_of("j", "stderr.txt"), "");
  const auto output = output_folder("j") / "outputs" / "made";
  EXPECT_EQ(whole_file(output), "prepared\nprepared\n");
  struct stat status {};
  ASSERT_EQ(::stat(output.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, ::geteuid());
  expect_no_containers();
}

TEST_F(ContainerJob, FailsWithPodmansWordsWhereItsImageCannotBeHad) {
  std::ofstream(share_folder() / "broken.tar") << "no image\n";
  submit_in("$AZ_BATCHAI_MOUNT_ROOT/afs/broken.tar", "broken", "true");
  EXPECT_EQ(wait_for_job("broken"), 1);
  const auto error = error_of("broken");
  EXPECT_EQ(error.at("code"), "FailedStartingContainer");
  EXPECT_THAT(error.at("message").get<std::string>(), HasSubstr("unable to start docker container: "));
  EXPECT_THAT(error.at("message").get<std::string>(), HasSubstr("tar"));
  EXPECT_EQ(error.at("details").at(0).at("name"), "imageName");
  // What the service can read is not for jobs to read.
  submit_in((data_folder() / "batchai.db").string(), "secret", "true");
  wait_for_job("secret");
  EXPECT_THAT(error_of("secret").at("message").get<std::string>(), HasSubstr("in no folder that the job can read"));
  expect_no_containers();
}

TEST_F(ContainerJob, RunsMpiBetweenItsNodes) {
  if (run_process({"/bin/sh", "-c", "command -v mpirun"}).exit_code != 0) {
    GTEST_SKIP() << "openmpi-bin is not installed";
  }
  // This image has the programs of the machine, as those can be read.
  submit_job("j", {{"nodeCount", 2},
                   {"containerSettings", {{"imageSourceRegistry", {{"image", "localhost/batchai-trial:1"}}}}},
                   {"jobPreparation", {{"commandLine", "mkdir -p -m 1777 /tmp; echo here >>/made"}}},
                   {"customMpiSettings",
                    {{"processCount", 2},
                     {"commandLine",
                      "echo \"$OMPI_COMM_WORLD_RANK\" $(cat /made) >$AZ_BATCHAI_STDOUTERR_DIR/"
                      "rank-$OMPI_COMM_WORLD_RANK; exit $((OMPI_COMM_WORLD_RANK * 4))"}}}});
  EXPECT_EQ(wait_for_job("j"), 4) << log_of("j", "stderr.txt");
  EXPECT_EQ(log_of("j", "rank-0"), "0 here here\n");
  EXPECT_EQ(log_of("j", "rank-1"), "1 here here\n");
  expect_no_containers();
}

TEST_F(ContainerJob, OutlivesTheServiceAndIsTerminatedWithoutATrace) {
  submit_in(image_, "j", "trap 'echo asked; exit 3' TERM; sleep 1000 & echo ready; while :; do sleep 0.05; done");
  eventually("it runs", [&] { return log_of("j", "stdout.txt") == "ready\n"; });
  kill_service();
  ASSERT_EQ(start().exit_code, 0);
  EXPECT_EQ(job_properties("j").at("executionState"), "running");
  batchai_ok(std::vector<std::string>{"job", "terminate", "-y"} + job_options("j"));
  EXPECT_THAT(log_of("j", "stdout.txt"), HasSubstr("asked"));
  EXPECT_THAT(log_of("j", "execution.log"), HasSubstr("started the container batchai-"));
  EXPECT_THAT(command_lines_of(data_folder().string() + "/containers"), IsEmpty());
  expect_no_containers();
}

}  // namespace
}  // namespace batchai::test
