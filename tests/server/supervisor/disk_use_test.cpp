#include "server/supervisor/disk_use.hpp"

#include "support/temporary_folder.hpp"

#include <fstream>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace batchai::server::test {

namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kLarge = 1024UL * 1024UL;

class DiskUseTest : public ::testing::Test {
 protected:
  static void write_large(const fs::path& path) { std::ofstream(path) << std::string(kLarge, 'x'); }

  static DiskUse::Time in_an_hour() { return std::chrono::steady_clock::now() + std::chrono::hours(1); }

  std::uint64_t used() const {
    DiskUse use({folder_.path()});
    EXPECT_TRUE(use.go_on(in_an_hour()));
    return use.bytes();
  }

  batchai::test::TemporaryFolder folder_;
};

TEST_F(DiskUseTest, AddsUpAllFilesOfAllFolders) {
  fs::create_directories(folder_.path() / "a" / "b");
  fs::create_directories(folder_.path() / "c");
  for (const char* file : {"1", "a/2", "a/b/3", "c/4"}) {
    write_large(folder_.path() / file);
  }
  EXPECT_GE(used(), 4 * kLarge);
  EXPECT_LT(used(), 5 * kLarge);
  DiskUse both({folder_.path() / "a", folder_.path() / "none", folder_.path() / "c"});
  EXPECT_TRUE(both.go_on(in_an_hour()));
  EXPECT_GE(both.bytes(), 3 * kLarge);
  EXPECT_LT(both.bytes(), 4 * kLarge);
}

TEST_F(DiskUseTest, SeesWhatIsInFoldersThatAreClosed) {
  fs::create_directories(folder_.path() / "a");
  write_large(folder_.path() / "a" / "f");
  fs::permissions(folder_.path() / "a", fs::perms::owner_write);
  EXPECT_GE(used(), kLarge);
}

TEST_F(DiskUseTest, FollowsNoLinks) {
  fs::create_directories(folder_.path() / "a");
  write_large(folder_.path() / "a" / "f");
  fs::create_directory_symlink(folder_.path() / "a", folder_.path() / "again");
  fs::create_directory_symlink("/usr", folder_.path() / "usr");
  EXPECT_LT(used(), 2 * kLarge);
}

/// Deeper than a path can be long.
TEST_F(DiskUseTest, GoesAsDeepAsThereIsSomething) {
  const std::string name(200, 'd');
  Descriptor at(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int depth = 0; depth < 100; ++depth) {
    ASSERT_EQ(::mkdirat(at.get(), name.c_str(), 0700), 0);
    at = Descriptor(::openat(at.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  const Descriptor file(::openat(at.get(), "f", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(::write(file.get(), std::string(kLarge, 'x').data(), kLarge), static_cast<ssize_t>(kLarge));
  EXPECT_GE(used(), kLarge);
}

TEST_F(DiskUseTest, GoesOnWhereItsTimeHasEnded) {
  for (int i = 0; i < 20; ++i) {
    const auto folder = folder_.path() / std::to_string(i);
    fs::create_directories(folder);
    for (int j = 0; j < 20; ++j) {
      std::ofstream(folder / std::to_string(j)) << std::string(10'000, 'x');
    }
  }
  DiskUse use({folder_.path()});
  int parts = 1;
  for (; !use.go_on({}); ++parts) {
  }
  EXPECT_GT(parts, 5);
  EXPECT_EQ(use.bytes(), used());
  EXPECT_FALSE(use.go_on({})) << "a new walk";
}

TEST_F(DiskUseTest, GoesOnWhereFoldersAreMovedMeanwhile) {
  const auto deep = folder_.path() / "a" / "b" / "c";
  fs::create_directories(deep);
  for (int i = 0; i < 200; ++i) {
    std::ofstream(deep / std::to_string(i)) << "x";
  }
  write_large(folder_.path() / "a" / "f");
  DiskUse use({folder_.path()});
  EXPECT_FALSE(use.go_on({}));
  fs::rename(deep, folder_.path() / "moved");
  fs::remove_all(folder_.path() / "a" / "b");
  EXPECT_TRUE(use.go_on(in_an_hour()));
  EXPECT_GE(use.bytes(), kLarge);
}

}  // namespace

}  // namespace batchai::server::test
