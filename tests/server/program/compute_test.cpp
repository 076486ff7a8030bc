#include "server/program/compute.hpp"

#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::filesystem::path& data_folder, const ServerOptions& options) {
  try {
    make_compute(options, data_folder, system_clock(), [](const std::string&) {});
  } catch (const std::exception& error) {
    return error.what();
  }
  return "made";
}

ServerOptions options_for(const std::string& engine) {
  ServerOptions options;
  options.engine = engine;
  options.slurm.commands = "/nonexistent";
  return options;
}

TEST(ComputeTest, RefusesAnotherEngineWhileThereAreRuns) {
  const batchai::test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "runs/run-1");
  EXPECT_THAT(refusal(folder.path(), options_for("slurm")), HasSubstr("--engine local until they have ended"));
  std::filesystem::remove(folder / "runs/run-1");
  EXPECT_EQ(refusal(folder.path(), options_for("slurm")), "made");
  EXPECT_EQ(refusal(folder.path(), options_for("slurm")), "made");
  std::filesystem::create_directories(folder / "runs/run-2");
  EXPECT_EQ(refusal(folder.path(), options_for("slurm")), "made");
  EXPECT_THAT(refusal(folder.path(), options_for("local")), HasSubstr("--engine slurm until they have ended"));
}

TEST(ComputeTest, RefusesSettingsThatMeanNothing) {
  const batchai::test::TemporaryFolder folder;
  auto options = options_for("slurm");
  options.slurm.partition = "a,b";
  EXPECT_THAT(refusal(folder.path(), options), HasSubstr("slurm.partition"));
}

}  // namespace
}  // namespace batchai::server::test
