#include "core/private_file.hpp"

#include "support/temporary_folder.hpp"

#include <system_error>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using Scratch = test::TemporaryFolder;
namespace fs = std::filesystem;

constexpr auto kOwnerFile = fs::perms::owner_read | fs::perms::owner_write;

TEST(PrivateFile, IsForTheOwnerOnlyAndLeavesNoTemporaryOne) {
  const Scratch scratch;
  write_private_file(scratch / "new/f", "one");
  write_private_file(scratch / "new/f", "two");
  EXPECT_EQ(read_file(scratch / "new/f"), "two");
  EXPECT_EQ(fs::status(scratch / "new/f").permissions(), kOwnerFile);
  EXPECT_EQ(fs::status(scratch / "new").permissions(), fs::perms::owner_all);
  const fs::directory_iterator entries(scratch / "new");
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(PrivateFile, NamesTheFileThatCannotBeWritten) {
  const Scratch scratch;
  try {
    replace_private_file(scratch / "missing/f", "text");
    FAIL() << "written";
  } catch (const std::system_error& error) {
    EXPECT_NE(std::string(error.what()).find((scratch / "missing/f").string()), std::string::npos) << error.what();
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
}

TEST(PrivateFile, TellsAMissingFileFromAnUnreadableOne) {
  const Scratch scratch;
  EXPECT_FALSE(read_file(scratch / "missing"));
  EXPECT_FALSE(read_file(scratch / "missing/f"));
  EXPECT_THROW(read_file(scratch.path()), std::system_error);
  EXPECT_FALSE(read_private_file(scratch.path()));
}

TEST(PrivateFile, IsMadeInPlaceOfWhatACrashHasLeft) {
  const Scratch scratch;
  make_private_file(scratch / "f", "a longer text");
  make_private_file(scratch / "f", "text");
  EXPECT_EQ(read_file(scratch / "f"), "text");
  EXPECT_EQ(fs::status(scratch / "f").permissions(), kOwnerFile);
  EXPECT_THROW(make_private_file(scratch / "missing/f", "text"), std::system_error);
}

TEST(PrivateFile, TakesTheFileOfAnother) {
  const Scratch scratch;
  make_private_file(scratch / "spare", "a longer text");
  make_private_file(scratch / "f", "old");
  reuse_private_file(scratch / "spare", scratch / "f", "new");
  EXPECT_EQ(read_file(scratch / "f"), "new");
  EXPECT_FALSE(fs::exists(scratch / "spare"));
  EXPECT_THROW(reuse_private_file(scratch / "spare", scratch / "f", "newer"), std::system_error);
  EXPECT_EQ(read_file(scratch / "f"), "new");
}

}  // namespace
}  // namespace batchai::test
