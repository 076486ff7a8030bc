#include "server/files/face_fixture.hpp"

#include <gmock/gmock.h>

namespace batchai::server::files::test {
namespace {

class CopyTest : public FaceTest {};

TEST_F(CopyTest, IsCopiedWithContentAndProperties) {
  create_file("f", 5, {{"x-ms-content-type", "text/plain"}, {"x-ms-meta-k", "v"}});
  put_range("f", 0, "hello");
  const Response copied =
      send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f"}});
  EXPECT_EQ(copied.status, 202);
  EXPECT_EQ(copied.headers.get("x-ms-copy-status"), "success");
  EXPECT_EQ(get("g"), "hello");
  const Response head = send("HEAD", "/acct1/share1/g");
  EXPECT_EQ(head.headers.get("Content-Type"), "text/plain");
  EXPECT_EQ(head.headers.get("x-ms-meta-k"), "v");
  EXPECT_EQ(head.headers.get("x-ms-copy-id"), copied.headers.get("x-ms-copy-id"));
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/g?comp=copy&copyid=x", {{"x-ms-copy-action", "abort"}})),
            "NoPendingCopyOperation");
}

TEST_F(CopyTest, IsCopiedOverAnotherOneInOneStep) {
  create_file_with("f", "hello");
  create_file("g", 100, {{"x-ms-meta-old", "1"}});
  const Headers headers = {{"x-ms-copy-source", "http://localhost:1/acct1/share1/f"},
                           {"x-ms-file-last-write-time", "source"},
                           {"x-ms-meta-new", "1"}};
  EXPECT_EQ(send("PUT", "/acct1/share1/g", headers).status, 202);
  EXPECT_EQ(get("g"), "hello");
  const Response head = send("HEAD", "/acct1/share1/g");
  EXPECT_EQ(head.headers.get("x-ms-meta-new"), "1");
  EXPECT_FALSE(head.headers.contains("x-ms-meta-old"));
  EXPECT_EQ(head.headers.get("x-ms-file-last-write-time"),
            send("HEAD", "/acct1/share1/f").headers.get("x-ms-file-last-write-time"));
  std::size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(share_folder())) {
    entries += entry.exists() ? 1 : 0;
  }
  EXPECT_EQ(entries, 2U);
}

TEST_F(CopyTest, IsCopiedWithItsHoles) {
  create_file("f", 64ULL << 20U);
  put_range("f", 32ULL << 20U, "x");
  send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f"}});
  EXPECT_EQ(send("GET", "/acct1/share1/g?comp=rangelist").body, send("GET", "/acct1/share1/f?comp=rangelist").body);
}

TEST_F(CopyTest, IsCopiedOntoItselfWithoutLoss) {
  create_file_with("f", "hello");
  EXPECT_EQ(send("PUT", "/acct1/share1/f", {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f"}}).status,
            202);
  EXPECT_EQ(get("f"), "hello");
}

TEST_F(CopyTest, IsNotCopiedFromWhereTheAskerMayNotRead) {
  std::filesystem::create_directories(folder_.path() / "files" / "other" / "share1");
  std::ofstream(folder_.path() / "files" / "other" / "share1" / "f") << "private";
  for (const char* source : {"http://127.0.0.1:10011/other/share1/f", "http://127.0.0.1:10011/acct1/share1/nosuch",
                             "http://127.0.0.1:10011/acct1"}) {
    EXPECT_EQ(code_of(send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", source}})), "CannotVerifyCopySource");
  }
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", "nonsense"}})), "InvalidHeaderValue");
  EXPECT_FALSE(std::filesystem::exists(share_folder() / "g"));
}

}  // namespace
}  // namespace batchai::server::files::test
