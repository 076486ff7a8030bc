#include "server/planning/job_plan_fixture.hpp"

namespace batchai::server::test {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using Path = std::filesystem::path;

class ContainerPlan : public JobPlanTest {
 protected:
  ContainerPlan() { job.custom_toolkit_settings = CustomToolkitSettings{.command_line = "true"}; }

  RunPlan planned(const ImageSourceRegistry& source) {
    job.container_settings = ContainerSettings{.image_source_registry = source, .shm_size = "1g"};
    auto asked = input();
    asked.containers = {.kind = ContainerUse::Kind::Podman,
                        .common = {.view = {.readable = {"/data"}}, .storage = "/containers"}};
    return plan_job(asked);
  }

  std::string image(const std::string& image, const std::optional<std::string>& server = {}) {
    return planned({.image = image, .server_url = server}).container.value().image;
  }

  std::string credentials(const std::string& image, const std::optional<std::string>& server = {}) {
    return planned({.image = image,
                    .server_url = server,
                    .credentials = PrivateRegistryCredentials{.username = "$oauthtoken", .password = Secret("word")}})
        .container.value()
        .credentials;
  }
};

TEST_F(ContainerPlan, CompletesTheNamesOfImages) {
  EXPECT_EQ(image("debian"), "docker.io/library/debian");
  EXPECT_EQ(image("microsoft/cntk:2.5"), "docker.io/microsoft/cntk:2.5");
  EXPECT_EQ(image("docker://registry.example:5000/x"), "registry.example:5000/x");
  EXPECT_EQ(image("localhost/x:1"), "localhost/x:1");
  EXPECT_EQ(image("team/x", "https://registry.example/"), "registry.example/team/x");
}

TEST_F(ContainerPlan, FindsArchivesInVolumes) {
  const std::string root = folder(1) + "/mounts";
  EXPECT_EQ(image("$AZ_BATCHAI_MOUNT_ROOT/a/image.tar"), "docker-archive:" + root + "/a/image.tar");
  EXPECT_EQ(image("oci-archive:$AZ_BATCHAI_MOUNT_ROOT/image.tar"), "oci-archive:" + root + "/image.tar");
  EXPECT_EQ(image("/data/image.tar"), "docker-archive:/data/image.tar");
}

TEST_F(ContainerPlan, GivesCredentialsToTheirRegistryOnly) {
  const std::string pair = "JG9hdXRodG9rZW46d29yZA==";
  EXPECT_EQ(credentials("nvcr.io/x/y", "nvcr.io"), R"({"auths":{"nvcr.io":{"auth":")" + pair + R"("}}})");
  EXPECT_EQ(credentials("team/x"), R"({"auths":{"docker.io":{"auth":")" + pair + R"("}}})");
}

TEST_F(ContainerPlan, RefusesPasswordsInKeyVaults) {
  try {
    planned({.image = "x",
             .credentials = PrivateRegistryCredentials{
                 .username = "u", .password_secret_reference = KeyVaultSecretReference{.secret_url = "https://v"}}});
    FAIL() << "planned";
  } catch (const JobPlanError& error) {
    EXPECT_EQ(error.code(), "FailedStartingContainer");
    EXPECT_THAT(error.message(), HasSubstr("key vault"));
    EXPECT_THAT(error.details(), ElementsAre(Pair("imageName", "x")));
  }
}

TEST_F(ContainerPlan, SeesItsNodesAndVolumesAndHasAHomeOfItsOwn) {
  const auto plan = planned({.image = "x"});
  const auto& container = plan.container.value();
  EXPECT_THAT(container.view.writable, ElementsAre(Path(folder(1)), scratch / "files/logs"));
  EXPECT_THAT(container.view.readable, ElementsAre(Path("/data")));
  EXPECT_EQ(container.shm_size, "1g");
  EXPECT_EQ(container.storage, "/containers");
  EXPECT_THAT(plan.processes.front().environment, Not(Contains(Pair("HOME", ::testing::_))));
  EXPECT_FALSE(plan.sandbox);
}

TEST_F(ContainerPlan, CountsItsGpusAnew) {
  job.node_count = 2;
  job.container_settings = ContainerSettings{.image_source_registry = {.image = "x"}};
  auto asked = input();
  asked.containers.kind = ContainerUse::Kind::Podman;
  asked.nodes[0].visible_gpus = "1,3";
  asked.nodes[1].visible_gpus = "2";
  job.job_preparation = JobPreparation{.command_line = "true"};
  const auto plan = plan_job(asked);
  EXPECT_EQ(plan.preparation[0].environment.at("CUDA_VISIBLE_DEVICES"), "0,2");
  EXPECT_EQ(plan.preparation[1].environment.at("CUDA_VISIBLE_DEVICES"), "1");
}

}  // namespace

}  // namespace batchai::server::test
