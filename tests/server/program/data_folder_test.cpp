#include "server/program/data_folder.hpp"

#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace batchai::server::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

class DataFolder : public ::testing::Test {
 protected:
  batchai::test::TemporaryFolder folder_;
  const fs::path parent_ = fs::canonical(folder_.path()) / "parent";
  const fs::path data_ = parent_ / "data";

  DataFolder() {
    fs::create_directories(data_);
    for (const fs::path& path : {parent_, data_}) {
      fs::permissions(path, fs::perms::owner_all);
    }
  }
};

TEST_F(DataFolder, IsNotExposedWhenItIsPrivateBelowASharedTemporaryFolder) {
  EXPECT_THAT(exposed_folders(data_), IsEmpty());
}

TEST_F(DataFolder, KeepsRoomForTheNextStart) {
  EXPECT_TRUE(DiskReserve(data_).keep());
  EXPECT_EQ(fs::file_size(data_ / "reserve"), 1024U * 1024U);
  const DiskReserve next(data_);
  EXPECT_FALSE(fs::exists(data_ / "reserve"));
}

TEST_F(DataFolder, IsExposedWhenOthersMayWriteThere) {
  for (const auto& [mode, text] : {std::pair(0720, "0720"), std::pair(0702, "0702"), std::pair(01777, "01777")}) {
    fs::permissions(data_, static_cast<fs::perms>(mode));
    EXPECT_THAT(exposed_folders(data_), ElementsAre(AllOf(HasSubstr(data_.string()), HasSubstr(text)))) << text;
  }
}

TEST_F(DataFolder, IsExposedWhenOthersMayReplaceAFolderAboveIt) {
  fs::permissions(parent_, fs::perms::all);
  EXPECT_THAT(exposed_folders(data_), ElementsAre(HasSubstr("chmod go-w " + parent_.string())));
  fs::permissions(parent_, fs::perms::all | fs::perms::sticky_bit);
  EXPECT_THAT(exposed_folders(data_), IsEmpty());
}

TEST_F(DataFolder, IsExposedWhenItBelongsToAnotherUser) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can give folders away";
  }
  ASSERT_EQ(::chown(parent_.c_str(), 65534, static_cast<gid_t>(-1)), 0);
  EXPECT_THAT(exposed_folders(data_), ElementsAre(HasSubstr("belongs to another user")));
}

}  // namespace
}  // namespace batchai::server::test
