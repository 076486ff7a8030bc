#include "server/files/api_fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace batchai::server::files::test {
namespace {

/// Jobs can put links into a share. Nothing behind them may be read, written or listed.
class EscapeTest : public FaceTest {
 protected:
  EscapeTest() : outside_(folder_.path() / "outside") {
    std::filesystem::create_directory(outside_);
    std::ofstream(outside_ / "secret") << "secret";
    std::filesystem::create_symlink(outside_, share_folder() / "dir");
    std::filesystem::create_symlink(outside_ / "secret", share_folder() / "file");
    std::filesystem::create_symlink(outside_ / "new", share_folder() / "dangling");
    std::filesystem::create_symlink("..", share_folder() / "up");
  }
  std::string secret() const {
    std::ifstream stream(outside_ / "secret");
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::filesystem::path outside_;
};

TEST_F(EscapeTest, DoesNotReadThroughLinks) {
  for (const char* path : {"file", "FILE", "dir/secret", "up/share1/file", "dangling"}) {
    for (const char* method : {"GET", "HEAD"}) {
      const Response response = send(method, std::string("/acct1/share1/") + path);
      EXPECT_EQ(response.status, 404) << path;
      EXPECT_FALSE(response.file);
    }
  }
  EXPECT_EQ(send("GET", "/acct1/share1/file?comp=rangelist").status, 404);
  EXPECT_EQ(send("GET", "/acct1/share1/dir?restype=directory&comp=list").status, 404);
  EXPECT_EQ(send("GET", "/acct1/share1/dir?restype=directory").status, 404);
}

TEST_F(EscapeTest, DoesNotWriteThroughLinks) {
  EXPECT_EQ(create_file("file", 1).status, 409);
  EXPECT_EQ(create_file("dangling", 1).status, 409);
  EXPECT_EQ(create_file("dir/new", 1).status, 404);
  EXPECT_EQ(create_file("up/new", 1).status, 404);
  EXPECT_EQ(put_range("file", 0, "x").status, 409);
  EXPECT_EQ(send("PUT", "/acct1/share1/dir/new?restype=directory").status, 404);
  EXPECT_EQ(send("PUT", "/acct1/share1/file?comp=properties", {{"x-ms-content-length", "0"}}).status, 409);
  EXPECT_EQ(send("PUT", "/acct1/share1/file?comp=metadata", {{"x-ms-meta-a", "1"}}).status, 409);
  EXPECT_EQ(send("PUT", "/acct1/share1/dir?restype=directory&comp=metadata", {{"x-ms-meta-a", "1"}}).status, 404);
  EXPECT_EQ(secret(), "secret");
  EXPECT_FALSE(std::filesystem::exists(outside_ / "new"));
}

TEST_F(EscapeTest, DoesNotDeleteBehindLinks) {
  EXPECT_EQ(send("DELETE", "/acct1/share1/dir/secret").status, 404);
  EXPECT_EQ(send("DELETE", "/acct1/share1/dir?restype=directory").status, 409);
  EXPECT_EQ(send("DELETE", "/acct1/share1/file").status, 202);
  EXPECT_EQ(secret(), "secret");
  EXPECT_FALSE(std::filesystem::is_symlink(share_folder() / "file"));
}

TEST_F(EscapeTest, DoesNotCopyThroughLinks) {
  const Response response =
      send("PUT", "/acct1/share1/copy", {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/file"}});
  EXPECT_EQ(code_of(response), "CannotVerifyCopySource");
  EXPECT_FALSE(std::filesystem::exists(share_folder() / "copy"));
}

TEST_F(EscapeTest, DoesNotTakeALinkForAShare) {
  std::filesystem::create_directory_symlink(outside_, folder_.path() / "files" / "acct1" / "linked");
  EXPECT_EQ(code_of(send("GET", "/acct1/linked?restype=share")), "ShareNotFound");
  EXPECT_EQ(code_of(send("GET", "/acct1/linked/secret")), "ShareNotFound");
  EXPECT_EQ(code_of(send("DELETE", "/acct1/linked?restype=share")), "ShareNotFound");
  EXPECT_THAT(send("GET", "/acct1/?comp=list").body, testing::Not(testing::HasSubstr("linked")));
  EXPECT_EQ(secret(), "secret");
}

TEST_F(EscapeTest, DoesNotClimbOutWithDots) {
  for (const char* path : {"../share1/x", "%2e%2e/other", "a/../../x", "a%2F..%2F..%2Fx", "./x", "...."}) {
    EXPECT_GE(send("GET", std::string("/acct1/share1/") + path).status, 400) << path;
    EXPECT_GE(create_file(path, 1).status, 400) << path;
  }
  EXPECT_GE(send("GET", "/acct1/..?restype=directory&comp=list").status, 400);
  EXPECT_GE(send("GET", "/acct1/.shares?restype=directory&comp=list").status, 400);
  EXPECT_GE(send("GET", "/.attributes/x/y").status, 400);
}

TEST_F(EscapeTest, DoesNotHangOnAPipe) {
  ASSERT_EQ(::mkfifo((share_folder() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(send("GET", "/acct1/share1/pipe").status, 404);
  EXPECT_EQ(put_range("pipe", 0, "x").status, 409);
}

}  // namespace
}  // namespace batchai::server::files::test
