#include "server/supervisor/allocation.hpp"

#include "contract/scratch.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

/// A program in PATH that stands in for `srun`.
class AllocationTest : public ::testing::Test {
 protected:
  AllocationTest() { fs::create_directories(scratch_ / "runs/run-1"); }
  ~AllocationTest() override { ::setenv("PATH", path_.c_str(), 1); }

  void srun_is(const std::string& script) const {
    const auto file = scratch_ / "bin/srun";
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(file, fs::perms::owner_all);
    ::setenv("PATH", (file.parent_path().string() + ":" + path_).c_str(), 1);
  }
  std::string refusal() const {
    try {
      AllocationLauncher(scratch_ / "runs/run-1", {{"n1", "a"}, {"n2", "b"}, {"n3", "c"}}).check_nodes();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "all see it";
  }

  Scratch scratch_;
  std::string path_ = ::getenv("PATH");
};

TEST_F(AllocationTest, TakesTheEndOfTheStepForTheProof) {
  // What the nodes have written may show later: a network file system keeps names in caches.
  srun_is("exit 0");
  EXPECT_EQ(refusal(), "all see it");
}

TEST_F(AllocationTest, NamesTheNodesThatDoNotSeeTheFolder) {
  srun_is("touch " + (scratch_ / "runs/run-1/seen-by-n2").string() + "; echo 'no such folder' >&2; exit 1");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("n3 cannot use"), HasSubstr("no such folder"), Not(HasSubstr("n2"))));
}

TEST_F(AllocationTest, IsToBeTriedAgainWhereTheControllerIsAway) {
  srun_is("echo 'srun: error: Unable to contact slurm controller (connect failure)' >&2; exit 1");
  EXPECT_THAT(refusal(), HasSubstr("controller of Slurm does not answer"));
}

}  // namespace

}  // namespace batchai::server::test
