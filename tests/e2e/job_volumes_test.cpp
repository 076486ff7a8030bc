#include "e2e/service.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What jobs mount, and what is to be seen of it from outside.
class JobVolumes : public ServiceTest {
 protected:
  void SetUp() override {
    start_service();
    prepare_cluster();
    account_ = endpoints().at("storageAccount");
    key_ = {{"accountKey", endpoints().at("storageKey")}};
  }

  json share(const std::string& url, const std::string& path) const {
    return {{"azureFileShares",
             {{{"accountName", account_}, {"azureFileUrl", url}, {"relativeMountPath", path}, {"credentials", key_}}}}};
  }

  json container(const std::string& name, const std::string& path) const {
    return {
        {"azureBlobFileSystems",
         {{{"accountName", account_}, {"containerName", name}, {"relativeMountPath", path}, {"credentials", key_}}}}};
  }

  void run_command(const std::string& job, const std::string& command, const json& volumes,
                   json more = json::object()) {
    more.update({{"nodeCount", 1}, {"mountVolumes", volumes}, {"customToolkitSettings", {{"commandLine", command}}}});
    submit_job(job, more);
    wait_for_job(job);
  }

  json error_of(const std::string& job) const { return job_properties(job).at("executionInfo").at("errors").at(0); }

  std::string account_;
  json key_;
};

TEST_F(JobVolumes, AreMountedForTheJobOnlyUnderBothNamesOfAShare) {
  std::ofstream(share_folder() / "data") << "shared";
  const auto own = endpoints().at("filesEndpoint").get<std::string>();
  const std::vector<std::string> urls = {"https://" + account_ + ".file.core.windows.net/share",
                                         own + "/" + account_ + "/share"};
  for (std::size_t i = 0; i < urls.size(); ++i) {
    const auto job = "mounts-" + std::to_string(i);
    run_command(job,
                "cat $AZ_BATCHAI_JOB_MOUNT_ROOT/a/b/data; echo; echo $AZ_BATCHAI_JOB_MOUNT_ROOT; ls "
                "$AZ_BATCHAI_MOUNT_ROOT",
                share(urls[i], "a/b"));
    std::istringstream lines(log_of(job, "stdout.txt"));
    std::string data;
    std::string root;
    std::string cluster_volumes;
    lines >> data >> root >> cluster_volumes;
    EXPECT_EQ(data, "shared") << urls[i];
    EXPECT_EQ(cluster_volumes, "afs");
    EXPECT_FALSE(fs::exists(fs::path(root) / "a" / "b"));
  }
}

TEST_F(JobVolumes, OfAContainerHoldOutputsThatCanBeDownloadedAfterTheCluster) {
  const auto folder = data_folder() / "blobs" / account_ / "models";
  fs::create_directories(folder);
  run_command("blob", "printf weights > \"$AZ_BATCHAI_OUTPUT_MODEL/a b.bin\"; mkdir $AZ_BATCHAI_OUTPUT_MODEL/deep",
              container("models", "blobs"),
              {{"outputDirectories", {{{"id", "MODEL"}, {"pathPrefix", "$AZ_BATCHAI_JOB_MOUNT_ROOT/blobs"}}}}});
  const std::vector<std::string> in_workspace = {"-g", "rg", "-w", "ws"};
  batchai_ok(std::vector<std::string>{"cluster", "delete", "-n", "c", "-y"} + in_workspace);
  const auto files = batchai_json(
      std::vector<std::string>{"job", "file", "list", "-e", "e", "-j", "blob", "-d", "MODEL"} + in_workspace);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].at("name"), "a b.bin");
  EXPECT_THAT(files[0].at("downloadUrl").get<std::string>(), HasSubstr("sr=b"));
  EXPECT_EQ(files[1].at("fileType"), "directory");
  const auto target = folder_.path() / "home-again";
  batchai_ok(std::vector<std::string>{"job", "file", "download", "-e", "e", "-j", "blob", "-d", "MODEL",
                                      "--destination", target.string()} +
             in_workspace);
  std::ifstream downloaded(target / "a b.bin");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(downloaded), {}), "weights");
}

TEST_F(JobVolumes, ThatCannotBeMountedFailTheJobWithTheirCode) {
  run_command("no-share", "true", share("https://" + account_ + ".file.core.windows.net/missing", "a"));
  EXPECT_EQ(error_of("no-share").at("code"), "AZFMountError");
  EXPECT_EQ(error_of("no-share").at("details").at(0).at("name"), "Info");
  EXPECT_THAT(error_of("no-share").at("details").at(0).at("value").get<std::string>(), HasSubstr("missing"));
  run_command("no-container", "true", container("missing", "a"));
  EXPECT_EQ(error_of("no-container").at("code"), "BFSMountError");
  run_command("command", "true",
              {{"unmanagedFileSystems", {{{"mountCommand", "mount -t nfs x:/"}, {"relativeMountPath", "a"}}}}});
  EXPECT_EQ(error_of("command").at("code"), "UnmanagedFileSystemMountError");
  const auto job = job_properties("command");
  EXPECT_EQ(job.at("executionState"), "failed");
  EXPECT_EQ(job.at("executionInfo").at("exitCode"), 1);
}

}  // namespace
}  // namespace batchai::test
