#include "core/directory_stream.hpp"

#include <cerrno>

#include <fcntl.h>
#include <gtest/gtest.h>

namespace batchai::test {
namespace {

Descriptor open_read_only(const char* path) { return Descriptor(::open(path, O_RDONLY | O_CLOEXEC)); }

TEST(DirectoryStream, ReadsAnOpenDirectoryAndClosesIt) {
  Descriptor folder = open_read_only("/");
  const int number = folder.get();
  {
    const DirectoryStream stream = read_directory(std::move(folder));
    ASSERT_NE(stream, nullptr);
    EXPECT_NE(::readdir(stream.get()), nullptr);
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(DirectoryStream, IsNothingForWhatIsNoDirectory) {
  EXPECT_EQ(read_directory(open_read_only("/dev/null")), nullptr);
  EXPECT_EQ(errno, ENOTDIR);
}

TEST(DirectoryStream, IsNothingForWhatIsNotOpen) {
  EXPECT_EQ(read_directory(open_read_only("/none")), nullptr);
  EXPECT_EQ(errno, ENOENT);
}

}  // namespace
}  // namespace batchai::test
