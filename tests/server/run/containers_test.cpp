#include "server/run/containers.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

RunPlan container_plan() {
  return {.run_id = "run-1",
          .nodes = {{.id = "n1", .working_directory = "/job", .devices = {"/dev/null", "/dev/no-such-device"}}},
          .processes = {{.name = "main", .command = "echo \"$WORD\"", .environment = {{"WORD", "hidden-word"}}}},
          .limits = {.open_files = 77, .file_bytes = 88},
          .container = RunContainer{.image = "docker.io/library/debian:12",
                                    .credentials = "hidden-credentials",
                                    .shm_size = "16m",
                                    .view = {.writable = {"/job"}, .readable = {"/usr", "/no-such-folder"}},
                                    .configuration = "/data/containers",
                                    .storage = "/data/containers/storage",
                                    .run = "/tmp/run"}};
}

TEST(Containers, AreNamedAfterTheirRun) {
  EXPECT_EQ(container_name("run-1"), "batchai-run-1");
  EXPECT_EQ(run_of_container(container_name("run-1")), "run-1");
  EXPECT_EQ(run_of_container("somebody-else"), "");
}

TEST(Containers, SeeTheViewOfTheirRun) {
  const auto arguments = run_arguments(container_plan(), "an-id");
  EXPECT_THAT(arguments, IsSupersetOf({"--name", "batchai-run-1", "--network=host", "--cgroups=disabled", "--shm-size",
                                       "16m", "/job:/job:rw", "/usr:/usr:ro", "/dev/null", "--ulimit=nofile=77:77",
                                       "--ulimit=fsize=88:88", "an-id"}));
  EXPECT_THAT(arguments, Not(Contains(HasSubstr("/no-such"))));
}

TEST(Containers, HaveTheirStorageInTheDataFolder) {
  EXPECT_THAT(
      podman_options(*container_plan().container),
      IsSupersetOf({"--root", "/data/containers/storage", "--runroot", "/tmp/run", "--tmpdir", "/tmp/run/tmp"}));
  EXPECT_THAT(podman_options(RunContainer{.configuration = "/data/containers"}), ElementsAre());
}

TEST(Containers, KeepSecretsOffCommandLines) {
  const auto plan = container_plan();
  for (const auto& arguments :
       {run_arguments(plan, "id"), pull_arguments(*plan.container), exec_arguments(plan, plan.processes.front())}) {
    EXPECT_THAT(arguments, Not(Contains(HasSubstr("hidden"))));
  }
  EXPECT_THAT(pull_arguments(*plan.container),
              IsSupersetOf({"--authfile", "/proc/self/fd/3", "docker://docker.io/library/debian:12"}));
}

TEST(Containers, ArePulledFromArchivesByDescriptor) {
  auto container = *container_plan().container;
  container.image = "oci-archive:/job/image.tar";
  EXPECT_TRUE(is_archive(container.image));
  EXPECT_EQ(archive_path(container.image), "/job/image.tar");
  EXPECT_THAT(pull_arguments(container), AllOf(Contains("oci-archive:/proc/self/fd/3"), Not(Contains("--authfile"))));
}

TEST(Containers, SayWhatPodmanSays) {
  EXPECT_EQ(podman_reason("time=\"x\" level=warning msg=\"y\"\nError: no such image\n\n"), "no such image");
  EXPECT_EQ(podman_reason(""), "");
}

}  // namespace

}  // namespace batchai::server::test
