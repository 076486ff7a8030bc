#include "server/supervisor/run_folders.hpp"

#include "contract/scratch.hpp"
#include "support/unprivileged.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {

namespace {

namespace fs = std::filesystem;

std::string reason(const RunPlan& plan) {
  try {
    make_run_folders(plan);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "made";
}

TEST(RunFolders, ShowsTheFolderAtTheMount) {
  const Scratch scratch;
  fs::create_directories(scratch / "share");
  make_run_folders({.mounts = {{scratch / "m/a", scratch / "share"}}, .directories = {scratch / "m/a/out"}});
  EXPECT_TRUE(fs::is_directory(scratch / "share/out"));
}

TEST(RunFolders, EmptiesFoldersThatAJobHasLeftUnchangeable) {
  const Scratch scratch;
  fs::create_directories(scratch / "temp/cache");
  std::ofstream(scratch / "temp/cache/module") << "x";
  const batchai::test::Unprivileged user(scratch.path());
  fs::permissions(scratch / "temp/cache", fs::perms(0555));
  EXPECT_EQ(reason({.cleared = {scratch / "temp"}, .directories = {scratch / "temp"}}), "made");
  EXPECT_TRUE(fs::is_empty(scratch / "temp"));
}

TEST(RunFolders, KeepsTheMountsOfANode) {
  const Scratch scratch;
  fs::create_directories(scratch / "share");
  const RunPlan plan{.node_mounts = {{scratch / "m", scratch / "share"}}};
  make_run_folders(plan);
  make_run_folders(plan);
  EXPECT_EQ(fs::read_symlink(scratch / "m"), scratch / "share");
}

TEST(RunFolders, MakesProgramsExecutable) {
  const Scratch scratch;
  make_run_folders({.files = {{scratch / "program", "#!/bin/sh\n", true}, {scratch / "text", "x"}}});
  EXPECT_NE(fs::status(scratch / "program").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_EQ(fs::status(scratch / "text").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST(RunFolders, ReplacesALinkThatWasLeftBehind) {
  const Scratch scratch;
  fs::create_directories(scratch / "share");
  fs::create_symlink(scratch / "gone", scratch / "m");
  EXPECT_EQ(reason({.mounts = {{scratch / "m", scratch / "share"}}}), "made");
  EXPECT_EQ(fs::read_symlink(scratch / "m"), scratch / "share");
}

TEST(RunFolders, DoesNotMountOverAFolderWithContent) {
  const Scratch scratch;
  fs::create_directories(scratch / "share");
  fs::create_directories(scratch / "m/content");
  EXPECT_THAT(reason({.mounts = {{scratch / "m", scratch / "share"}}}), ::testing::HasSubstr((scratch / "m").string()));
  EXPECT_TRUE(fs::exists(scratch / "m/content"));
}

TEST(RunFolders, ClearsWithoutFollowingLinks) {
  const Scratch scratch;
  fs::create_directories(scratch / "share/data");
  fs::create_directories(scratch / "temp");
  fs::create_symlink(scratch / "share", scratch / "temp/link");
  make_run_folders({.cleared = {scratch / "temp"}});
  EXPECT_FALSE(fs::exists(scratch / "temp"));
  EXPECT_TRUE(fs::exists(scratch / "share/data"));
}

TEST(RunFolders, NamesTheFolderThatCannotBeMade) {
  const Scratch scratch;
  std::ofstream(scratch / "file") << "x";
  EXPECT_THAT(reason({.directories = {scratch / "file/below"}}),
              ::testing::HasSubstr((scratch / "file/below").string()));
  EXPECT_THAT(reason({.files = {{scratch / "file/below", ""}}}), ::testing::HasSubstr((scratch / "file").string()));
}

TEST(RunFolders, RemovesItsOwnMountsOnly) {
  const Scratch scratch;
  fs::create_directories(scratch / "share");
  fs::create_directories(scratch / "folder");
  fs::create_symlink(scratch / "other", scratch / "replaced");
  fs::create_symlink(scratch / "share", scratch / "mine");
  remove_mounts({{scratch / "mine", scratch / "share"},
                 {scratch / "replaced", scratch / "share"},
                 {scratch / "folder", scratch / "share"},
                 {scratch / "missing", scratch / "share"}},
                {});
  EXPECT_FALSE(fs::is_symlink(scratch / "mine"));
  EXPECT_TRUE(fs::is_symlink(scratch / "replaced"));
  EXPECT_TRUE(fs::exists(scratch / "folder"));
  EXPECT_TRUE(fs::exists(scratch / "share"));
}

TEST(RunFolders, RemovesNoMountsOutsideOfTheJobsFolders) {
  const Scratch scratch;
  fs::create_directories(scratch / "share");
  fs::create_directories(scratch / "other/mounts");
  fs::create_directories(scratch / "job");
  fs::create_symlink(scratch / "other/mounts", scratch / "job/mounts");
  fs::create_symlink(scratch / "share", scratch / "other/mounts/m");
  fs::create_symlink(scratch / "share", scratch / "job/m");
  remove_mounts({{scratch / "job/mounts/m", scratch / "share"}, {scratch / "job/m", scratch / "share"}},
                {scratch / "job"});
  EXPECT_TRUE(fs::is_symlink(scratch / "other/mounts/m"));
  EXPECT_FALSE(fs::is_symlink(scratch / "job/m"));
}

}  // namespace

}  // namespace batchai::server::test
