#include "core/remove_tree.hpp"

#include "core/descriptor.hpp"
#include "support/few_descriptors.hpp"
#include "support/temporary_folder.hpp"
#include "support/unprivileged.hpp"

#include <fstream>
#include <set>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace batchai::test {
namespace {

namespace fs = std::filesystem;
using test::FewDescriptors;
using test::TemporaryFolder;
using test::Unprivileged;

void write(const fs::path& file) { std::ofstream(file) << "x"; }

/// A folder with a file in it that `mode` guards.
void make_guarded(const fs::path& folder, mode_t mode) {
  fs::create_directories(folder / "below");
  write(folder / "below/file");
  ::chmod((folder / "below").c_str(), mode);
  ::chmod(folder.c_str(), mode);
}

/// A chain of folders, longer than a path may be.
void make_deep(const fs::path& folder, int levels, mode_t mode = 0777) {
  fs::create_directories(folder);
  Descriptor at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY));
  const std::string name(100, 'd');
  for (int i = 0; i < levels; ++i) {
    ::mkdirat(at.get(), name.c_str(), 0777);
    Descriptor next(::openat(at.get(), name.c_str(), O_RDONLY | O_DIRECTORY));
    ::fchmod(at.get(), mode);
    at = std::move(next);
  }
  ::mkdirat(at.get(), "last", 0777);
}

TEST(RemoveTree, TakesFilesFoldersAndLinksButNotWhatTheyStandFor) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "outside");
  write(folder / "outside/precious");
  fs::create_directories(folder / "tree/a/b");
  write(folder / "tree/a/b/file");
  fs::create_directory_symlink(folder / "outside", folder / "tree/a/link");
  fs::create_symlink(folder / "nowhere", folder / "tree/dangling");
  ::mkfifo((folder / "tree/pipe").c_str(), 0600);
  EXPECT_FALSE(remove_tree(folder / "tree"));
  EXPECT_FALSE(fs::exists(folder / "tree"));
  EXPECT_TRUE(fs::exists(folder / "outside/precious"));
}

TEST(RemoveTree, TakesALinkOrAFileInPlaceOfATree) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "outside/kept");
  fs::create_directory_symlink(folder / "outside", folder / "link");
  write(folder / "file");
  EXPECT_FALSE(remove_tree(folder / "link"));
  EXPECT_FALSE(remove_tree(folder / "file"));
  EXPECT_FALSE(fs::is_symlink(folder / "link"));
  EXPECT_FALSE(fs::exists(folder / "file"));
  EXPECT_TRUE(fs::exists(folder / "outside/kept"));
}

TEST(RemoveTree, HasNothingAgainstNothing) {
  const TemporaryFolder folder;
  EXPECT_FALSE(remove_tree(folder / "none"));
  EXPECT_FALSE(remove_tree(folder / "none/at/all"));
}

TEST(RemoveTree, GoesThroughFoldersThatMayNotBeChangedReadOrEntered) {
  for (const mode_t mode : {0555U, 0444U, 0333U, 0U}) {
    const TemporaryFolder folder;
    make_guarded(folder / "tree/cache", mode);
    const Unprivileged user(folder.path());
    EXPECT_FALSE(remove_tree(folder / "tree")) << mode;
    EXPECT_FALSE(fs::exists(folder / "tree")) << mode;
  }
}

TEST(RemoveTree, TakesAFolderOutOfOneThatMayNotBeChanged) {
  const TemporaryFolder folder;
  make_guarded(folder / "held", 0555);
  const Unprivileged user(folder.path());
  EXPECT_FALSE(remove_tree(folder / "held/below"));
  EXPECT_FALSE(fs::exists(folder / "held/below"));
}

TEST(RemoveTree, GoesDeeperThanDescriptorsReach) {
  const TemporaryFolder folder;
  make_deep(folder / "tree/a", 150);
  make_deep(folder / "tree/b", 150);
  write(folder / "tree/file");
  const FewDescriptors few(60);
  EXPECT_FALSE(remove_tree(folder / "tree"));
  EXPECT_FALSE(fs::exists(folder / "tree"));
}

TEST(RemoveTree, LiftsFoldersThatMayNotBeChanged) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "mine");
  const Unprivileged user(folder.path());
  make_deep(folder / "mine/tree", 100, 0555);
  EXPECT_FALSE(remove_tree(folder / "mine/tree"));
  EXPECT_FALSE(fs::exists(folder / "mine/tree"));
}

TEST(RemoveTree, TellsWhyItCouldNotAndTakesTheRest) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root, to make files of somebody else";
  }
  const TemporaryFolder folder;
  for (const std::string name : {"a", "b", "c"}) {
    fs::create_directories(folder / ("tree/" + name));
    write(folder / ("tree/" + name + "/file"));
  }
  const Unprivileged user(folder.path());
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_EQ(::chown((folder / "tree/b").c_str(), 0, 0), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  EXPECT_EQ(remove_tree(folder / "tree"), std::errc::permission_denied);
  EXPECT_TRUE(fs::exists(folder / "tree/b/file"));
  EXPECT_FALSE(fs::exists(folder / "tree/a"));
  EXPECT_FALSE(fs::exists(folder / "tree/c"));
}

TEST(RemoveTree, StopsBetweenTwoEntries) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "tree/a/b/c");
  int asked = 0;
  EXPECT_EQ(remove_tree(folder / "tree", {.stop = [&] { return ++asked > 2; }}), std::errc::operation_canceled);
  EXPECT_TRUE(fs::exists(folder / "tree/a/b/c"));
}

TEST(RemoveTree, TellsOfEachEntryBefore) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "tree/a");
  write(folder / "tree/a/file");
  std::set<std::string> seen;
  const auto note = [&](int directory, const std::string& name) {
    EXPECT_EQ(::faccessat(directory, name.c_str(), F_OK, 0), 0);
    seen.insert(name);
  };
  EXPECT_FALSE(remove_tree(folder / "tree", {.before = note}));
  EXPECT_THAT(seen, ::testing::ElementsAre("a", "file"));
}

TEST(RenameTree, MovesAFolderThatMayNotBeChanged) {
  const TemporaryFolder folder;
  make_guarded(folder / "held", 0555);
  fs::create_directories(folder / "other");
  const Unprivileged user(folder.path());
  EXPECT_FALSE(rename_tree(folder / "held/below", folder / "other/moved"));
  EXPECT_TRUE(fs::exists(folder / "other/moved/file"));
  EXPECT_EQ(rename_tree(folder / "none", folder / "other/none"), std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace batchai::test
