#include "server/trash/trash.hpp"

#include "contract/scratch.hpp"
#include "support/few_descriptors.hpp"
#include "support/unprivileged.hpp"

#include <atomic>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

namespace fs = std::filesystem;
using batchai::test::Unprivileged;

void make_tree(const fs::path& folder) {
  fs::create_directories(folder / "a/b");
  std::ofstream(folder / "a/b/file") << "x";
}

bool becomes_empty(const fs::path& folder) {
  return wait_for_change(folder, [&] { return fs::is_empty(folder); });
}

void expect_removed(const Scratch& scratch, const std::string& tree) {
  Trash trash({.folder = scratch / "trash"});
  EXPECT_FALSE(trash.take(scratch / tree));
  EXPECT_FALSE(fs::exists(scratch / tree));
  EXPECT_TRUE(becomes_empty(scratch / "trash"));
}

TEST(Trash, TakesAFolderOutOfSightAndRemovesIt) {
  const Scratch scratch;
  make_tree(scratch / "tree");
  expect_removed(scratch, "tree");
}

TEST(Trash, TakesAFolderThatMayNotBeChanged) {
  const Scratch scratch;
  make_tree(scratch / "held/tree");
  fs::permissions(scratch / "held/tree/a/b", fs::perms(0555));
  fs::permissions(scratch / "held/tree", fs::perms(0555));
  fs::permissions(scratch / "held", fs::perms(0555));
  const Unprivileged user(scratch.path());
  expect_removed(scratch, "held/tree");
}

TEST(Trash, LeavesDescriptorsToOthersHoweverDeepTheFolder) {
  const Scratch scratch;
  fs::path deepest = scratch / "tree";
  for (int level = 0; level < 200; ++level) {
    deepest /= "d";
  }
  fs::create_directories(deepest);
  std::atomic<long> most = 0;
  Trash trash({.folder = scratch / "trash", .before = [&](int, const std::string&) {
                 const auto open = std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
                 most = std::max<long>(most, open);
               }});
  const batchai::test::FewDescriptors few(80);
  EXPECT_FALSE(trash.take(scratch / "tree"));
  EXPECT_TRUE(becomes_empty(scratch / "trash"));
  EXPECT_LT(most, 60);
}

TEST(Trash, SaysThatThereIsNothing) {
  const Scratch scratch;
  Trash trash({.folder = scratch / "trash"});
  EXPECT_EQ(trash.take(scratch / "none"), std::errc::no_such_file_or_directory);
}

TEST(Trash, GoesOnWithWhatAnEarlierOneLeft) {
  const Scratch scratch;
  make_tree(scratch / "trash/left");
  const Trash trash({.folder = scratch / "trash"});
  EXPECT_TRUE(becomes_empty(scratch / "trash"));
}

TEST(Trash, EndsWithoutFinishing) {
  const Scratch scratch;
  make_tree(scratch / "tree");
  std::promise<void> reached;
  std::promise<void> ending;
  std::atomic<bool> first = true;
  auto trash =
      std::make_unique<Trash>(TrashOptions{.folder = scratch / "trash", .before = [&](int, const std::string&) {
                                             if (first.exchange(false)) {
                                               reached.set_value();
                                               ending.get_future().wait();
                                             }
                                           }});
  EXPECT_FALSE(trash->take(scratch / "tree"));
  reached.get_future().wait();
  std::thread end([&] { trash.reset(); });
  ending.set_value();
  end.join();
  const Trash next({.folder = scratch / "trash"});
  EXPECT_TRUE(becomes_empty(scratch / "trash"));
}

TEST(Trash, ReportsWhatCannotBeRemovedAndTriesItWithTheNext) {
  const Scratch scratch;
  make_tree(scratch / "tree");
  make_tree(scratch / "next");
  std::promise<std::string> told;
  std::atomic<bool> broken = true;
  Trash trash({.folder = scratch / "trash",
               .before =
                   [&](int, const std::string&) {
                     if (broken) {
                       throw std::runtime_error("the disk is broken");
                     }
                   },
               .report =
                   [&](const std::string& text) {
                     broken = false;
                     told.set_value(text);
                   }});
  EXPECT_FALSE(trash.take(scratch / "tree"));
  EXPECT_THAT(told.get_future().get(), ::testing::HasSubstr("the disk is broken"));
  EXPECT_FALSE(trash.take(scratch / "next"));
  EXPECT_TRUE(becomes_empty(scratch / "trash"));
}

}  // namespace
}  // namespace batchai::server::test
