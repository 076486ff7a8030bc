#include "e2e/service.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

/// `cluster create --use-auto-storage`, and what jobs do with the share and the container that it makes.
class AutoStorage : public ServiceTest {
 protected:
  void SetUp() override { start_service(); }

  void make_cluster(const std::string& location) const {
    batchai_ok({"group", "create", "-n", "rg", "-l", location});
    batchai_ok({"workspace", "create", "-g", "rg", "-n", "ws", "-l", location});
    batchai_ok({"cluster", "create", "-g", "rg", "-w", "ws", "-n", "c", "-s", "STANDARD_NC6", "-t", "1", "-u", "demo",
                "-p", "not-a-real-password", "--use-auto-storage"});
    batchai_ok({"experiment", "create", "-g", "rg", "-w", "ws", "-n", "e"});
  }

  void write_to_both(const std::string& job) {
    submit_job(job, {{"nodeCount", 1},
                     {"stdOutErrPathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/autoafs"},
                     {"outputDirectories",
                      {{{"id", "SHARE"}, {"pathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/autoafs"}},
                       {{"id", "CONTAINER"}, {"pathPrefix", "$AZ_BATCHAI_MOUNT_ROOT/autobfs"}}}},
                     {"customToolkitSettings",
                      {{"commandLine",
                        "printf file > $AZ_BATCHAI_OUTPUT_SHARE/a.txt; printf blob > "
                        "$AZ_BATCHAI_OUTPUT_CONTAINER/b.txt"}}}});
    EXPECT_EQ(wait_for_job(job), 0);
  }

  void expect_output(const std::string& directory, const std::string& name, const std::string& content) const {
    const std::vector<std::string> output = {"-g", "rg", "-w", "ws", "-e", "e", "-j", "j", "-d", directory};
    const json listed = batchai_json(std::vector<std::string>{"job", "file", "list"} + output);
    ASSERT_EQ(listed.size(), 1U) << listed;
    EXPECT_EQ(listed[0].at("name"), name);
    const fs::path target = folder_.path() / directory;
    batchai_ok(std::vector<std::string>{"job", "file", "download", "--destination", target.string()} + output);
    std::ifstream file(target / name, std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content);
  }
};

TEST_F(AutoStorage, GivesAJobAShareAndAContainerWhoseFilesCanBeListedAndDownloaded) {
  make_cluster("eastus");
  write_to_both("j");
  expect_output("SHARE", "a.txt", "file");
  expect_output("CONTAINER", "b.txt", "blob");
  const std::string account = endpoints().at("storageAccount");
  EXPECT_TRUE(fs::is_directory(data_folder() / "blobs" / account / "batchaicontainer"));
  EXPECT_FALSE(fs::exists(data_folder() / "files" / account / "batchaicontainer"));
  EXPECT_THAT(batchai({"files", "share", "list", "-o", "tsv"}).out, HasSubstr("batchaishare"));
}

TEST_F(AutoStorage, MakesAnAccountInARegionThatHasNone) {
  make_cluster("westus2");
  write_to_both("j");
  expect_output("SHARE", "a.txt", "file");
  expect_output("CONTAINER", "b.txt", "blob");
  EXPECT_FALSE(fs::exists(data_folder() / "blobs" / endpoints().at("storageAccount") / "batchaicontainer"));
}

TEST_F(AutoStorage, IsTakenAgainByTheNextCluster) {
  make_cluster("eastus");
  batchai_ok({"cluster", "create", "-g", "rg", "-w", "ws", "-n", "d", "-s", "STANDARD_NC6", "-t", "1", "-u", "demo",
              "-p", "not-a-real-password", "--use-auto-storage"});
  const json cluster = batchai_json({"cluster", "show", "-g", "rg", "-w", "ws", "-n", "d"});
  EXPECT_EQ(cluster.at("nodeSetup").at("mountVolumes").at("azureBlobFileSystems").at(0).at("containerName"),
            "batchaicontainer");
}

}  // namespace
}  // namespace batchai::test
