#include "job_plan_fixture.hpp"
#include "server/planning/job_mounts.hpp"

namespace batchai::server::test {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using Path = std::filesystem::path;

class JobPlanMounts : public JobPlanTest {
 protected:
  JobPlanMounts() { job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"}; }

  AzureFileShareReference& volume() { return job.mount_volumes->azure_file_shares.at(0); }
};

TEST_F(JobPlanMounts, TakesBothWaysToWriteAShareUrl) {
  for (const std::string url : {"https://store.file.core.windows.net/logs", "https://STORE.file.core.windows.net/logs/",
                                "https://store.file.core.chinacloudapi.cn/logs", "http://127.0.0.1:10011/store/logs",
                                "https://localhost:10011/store/logs/", "https://batch.example.org:10011/store/logs"}) {
    volume().azure_file_url = url;
    EXPECT_THAT(plan().mounts, ElementsAre(Pair(Path(job_folder(1) + "/mounts/logs"), scratch / "files/logs"))) << url;
  }
}

TEST_F(JobPlanMounts, RefusesUrlsThatNameNoShare) {
  for (const std::string url : {"", "logs", "https://store.file.core.windows.net/", "http://127.0.0.1:10011/logs",
                                "https://store.blob.core.windows.net/logs", "https://store.file.core.windows.net/a/b",
                                "https://store.file.core.windows.net/%2e%2e", "http://127.0.0.1/store/..%2flogs"}) {
    volume().azure_file_url = url;
    EXPECT_EQ(refusal().first, "AZFMountError") << url;
  }
}

TEST_F(JobPlanMounts, RefusesAWrongKeyAndDoesNotShowIt) {
  volume().credentials.account_key = Secret("wrong-key-value");
  EXPECT_THAT(refusal(), Pair("AZFMountError", HasSubstr("account key is wrong")));
  EXPECT_THAT(refusal().second, ::testing::Not(HasSubstr("wrong-key-value")));
  volume().credentials.account_key.reset();
  EXPECT_EQ(refusal().first, "AZFMountError");
}

TEST_F(JobPlanMounts, RefusesKeysInAKeyVault) {
  volume().credentials = {.account_key_secret_reference = KeyVaultSecretReference{.secret_url = "https://v"}};
  EXPECT_THAT(refusal(), Pair("AZFMountError", HasSubstr("key vault")));
}

TEST_F(JobPlanMounts, NamesTheAccountThatIsNotHosted) {
  volume().account_name = "";
  volume().azure_file_url = "https://elsewhere.file.core.windows.net/logs";
  EXPECT_THAT(refusal(), Pair("AZFMountError", HasSubstr("elsewhere is not hosted")));
}

TEST_F(JobPlanMounts, RefusesAShareThatDoesNotExist) {
  volume().azure_file_url = "https://store.file.core.windows.net/missing";
  EXPECT_THAT(refusal(), Pair("AZFMountError", HasSubstr("does not exist")));
}

TEST_F(JobPlanMounts, RefusesMountPathsThatLeaveTheRootOrMeet) {
  for (const std::string path : {"", ".", "..", "../x", "a/../..", "/absolute"}) {
    volume().relative_mount_path = path;
    EXPECT_THAT(refusal(), Pair("AZFMountError", HasSubstr("relativeMountPath"))) << path;
  }
  for (const std::string path : {"logs", "logs/", "./logs", "logs/below"}) {
    volume().relative_mount_path = "logs";
    job.mount_volumes->azure_file_shares.resize(1);
    job.mount_volumes->azure_file_shares.push_back(share("data"));
    job.mount_volumes->azure_file_shares[1].relative_mount_path = path;
    EXPECT_THAT(refusal(), Pair("AZFMountError", HasSubstr("another volume"))) << path;
  }
}

TEST_F(JobPlanMounts, MountsContainersAsFolders) {
  job.mount_volumes->azure_blob_file_systems = {{.account_name = "STORE",
                                                 .container_name = "images",
                                                 .credentials = {.account_key = Secret("key")},
                                                 .relative_mount_path = "in/blobs"}};
  EXPECT_THAT(plan().mounts,
              ElementsAre(::testing::_, Pair(Path(job_folder(1) + "/mounts/in/blobs"), scratch / "blobs/images")));
  job.mount_volumes->azure_blob_file_systems[0].container_name = "logs";  // is a share, and no container
  EXPECT_THAT(refusal(), Pair("BFSMountError", HasSubstr("blobs/store/logs")));
}

TEST_F(JobPlanMounts, MountsFileServersThatAreKnown) {
  job.mount_volumes->file_servers = {
      {.file_server = {.id = "/fs"}, .source_directory = "/sub", .relative_mount_path = "nfs"}};
  EXPECT_EQ(refusal().first, "NFSMountError");
  std::filesystem::create_directories(scratch / "export/sub");
  auto given = input();
  given.file_servers = [this](std::string_view id) {
    return id == "/fs" ? std::optional(scratch / "export") : std::nullopt;
  };
  EXPECT_EQ(plan_job(given).mounts.at(1).second, scratch / "export/sub");
}

TEST_F(JobPlanMounts, RefusesMountCommands) {
  job.mount_volumes->unmanaged_file_systems = {{.mount_command = "mount -t nfs x", .relative_mount_path = "nfs"}};
  EXPECT_EQ(refusal().first, "UnmanagedFileSystemMountError");
}

TEST_F(JobPlanMounts, ShowsClusterVolumesAndJobVolumesAtOnce) {
  cluster.node_setup = NodeSetup{.mount_volumes = MountVolumes{.azure_file_shares = {share("data")}}};
  const auto result = plan();
  EXPECT_THAT(result.node_mounts, ElementsAre(Pair(Path(folder(1) + "/mounts/data"), scratch / "files/data")));
  EXPECT_THAT(result.mounts, ElementsAre(Pair(Path(job_folder(1) + "/mounts/logs"), scratch / "files/logs")));
}

TEST_F(JobPlanMounts, FindsThePlaceOfOutputsFromOutside) {
  job.output_directories = {{.id = "M", .path_prefix = "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs", .path_suffix = "Models"},
                            {.id = "OFF", .path_prefix = "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs-of-others"},
                            {.id = "UP", .path_prefix = "$AZ_BATCHAI_JOB_MOUNT_ROOT/logs/../.."}};
  volume().credentials.account_key.reset();
  auto given = input();
  given.nodes.clear();
  const auto model = output_location(given, "M");
  ASSERT_TRUE(model);
  EXPECT_FALSE(model->key_is_right);
  volume() = share("logs");
  EXPECT_TRUE(output_location(given, "M")->key_is_right);
  EXPECT_EQ(model->account, "store");
  EXPECT_EQ(model->share, "logs");
  EXPECT_EQ(model->path, kSegment + "/outputs/Models");
  EXPECT_EQ(model->kind, StorageKind::Share);
  EXPECT_EQ(model->folder(), scratch / "files/logs" / kSegment / "outputs/Models");
  EXPECT_EQ(output_location(given, "stdouterr")->path, kSegment + "/stdouterr");
  EXPECT_FALSE(output_location(given, "OFF"));
  EXPECT_FALSE(output_location(given, "UP"));
  EXPECT_THROW(output_location(given, "NONE"), std::out_of_range);
}

TEST_F(JobPlanMounts, FindsThePlaceOfOutputsInContainers) {
  job.mount_volumes->azure_blob_file_systems = {
      {.account_name = "store", .container_name = "images", .relative_mount_path = "b"}};
  job.std_out_err_path_prefix = "$AZ_BATCHAI_JOB_MOUNT_ROOT/b/logs";
  const auto place = output_location(input(), "stdouterr");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->kind, StorageKind::Container);
  EXPECT_EQ(place->share, "images");
  EXPECT_EQ(place->folder(), scratch / "blobs/images/logs" / kSegment / "stdouterr");
}

TEST_F(JobPlanMounts, FindsThePlaceOfOutputsOnClusterVolumes) {
  cluster.node_setup = NodeSetup{.mount_volumes = MountVolumes{.azure_file_shares = {share("data")}}};
  job.std_out_err_path_prefix = "$AZ_BATCHAI_MOUNT_ROOT/data";
  EXPECT_EQ(output_location(input(), "stdouterr")->share, "data");
}

}  // namespace

}  // namespace batchai::server::test
