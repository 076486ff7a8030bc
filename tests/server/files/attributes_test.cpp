#include "server/files/disk/attributes.hpp"

#include "server/files/api_fixture.hpp"
#include "support/eventually.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace batchai::server::files::test {
namespace {

namespace fs = std::filesystem;

/// More than an extended attribute holds, so that it goes into a file beside.
Attributes large_attributes() {
  return {.content_type = "text/plain", .metadata = {{"note", std::string(70'000, 'x')}}};
}

struct statx status_of(int file) {
  struct statx status {};
  EXPECT_EQ(::statx(file, "", AT_EMPTY_PATH, STATX_BTIME | STATX_INO, &status), 0);
  return status;
}

std::vector<fs::path> entries(const fs::path& folder) {
  return fs::exists(folder) ? std::vector<fs::path>(fs::directory_iterator(folder), {}) : std::vector<fs::path>();
}

Descriptor make_file(const fs::path& path) {
  return Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

TEST(AttributeStore, KeepsWhatAFileSystemHasNoRoomForBeside) {
  const batchai::test::TemporaryFolder folder;
  const AttributeStore store(folder / "beside");
  const Descriptor file = make_file(folder / "file");
  store.save(file.get(), large_attributes());
  EXPECT_EQ(entries(folder / "beside").size(), 1U);
  EXPECT_EQ(store.load(file.get()).metadata, large_attributes().metadata);
  EXPECT_EQ(store.load(file.get()).content_type, "text/plain");
}

TEST(AttributeStore, DoesNotGiveThoseOfADeadFileToTheNextOfItsNumber) {
  const batchai::test::TemporaryFolder folder;
  const AttributeStore store(folder / "beside");
  Descriptor file = make_file(folder / "file");
  const struct statx before = status_of(file.get());
  if ((before.stx_mask & STATX_BTIME) == 0) {
    GTEST_SKIP() << "this file system does not know when a file was made";
  }
  store.save(file.get(), large_attributes());
  struct statx after = before;
  while (after.stx_btime.tv_sec == before.stx_btime.tv_sec && after.stx_btime.tv_nsec == before.stx_btime.tv_nsec) {
    file.reset();
    fs::remove(folder / "file");
    file = make_file(folder / "file");
    after = status_of(file.get());
  }
  // Which number a new file gets is up to the system.
  const fs::path left = entries(folder / "beside").at(0);
  const std::string device = left.filename().string().substr(0, left.filename().string().find('-'));
  fs::rename(left, folder / "beside" / (device + "-" + std::to_string(after.stx_ino) + ".json"));
  EXPECT_TRUE(store.load(file.get()).metadata.empty());
  EXPECT_EQ(store.load(file.get()).content_type, std::nullopt);
}

class AttributesOfShares : public FaceTest {};

TEST_F(AttributesOfShares, GoWithThem) {
  create_file_with("file", "x");
  const AttributeStore store(folder_.path() / "files" / ".attributes");
  const Descriptor file(::open((share_folder() / "file").c_str(), O_RDWR | O_CLOEXEC));
  store.save(file.get(), large_attributes());
  ASSERT_EQ(entries(folder_.path() / "files" / ".attributes").size(), 1U);
  EXPECT_EQ(send("DELETE", "/acct1/share1?restype=share").status, 202);
  ASSERT_TRUE(batchai::test::eventually([&] { return entries(folder_.path() / "files" / ".deleted").empty(); }));
  EXPECT_TRUE(entries(folder_.path() / "files" / ".attributes").empty());
}

}  // namespace
}  // namespace batchai::server::files::test
