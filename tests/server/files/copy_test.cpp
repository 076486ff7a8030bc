#include "server/files/api_fixture.hpp"

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

TEST_F(CopyTest, TellsHowFarItCameAndWhenItWasOver) {
  create_file_with("f", "hello");
  send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f"}});
  const std::string time = format_http_date(clock_->now());
  clock_->advance(std::chrono::hours(1));
  for (const char* method : {"HEAD", "GET"}) {
    const Response response = send(method, "/acct1/share1/g");
    EXPECT_EQ(response.headers.get("x-ms-copy-progress"), "5/5");
    EXPECT_EQ(response.headers.get("x-ms-copy-completion-time"), time);
    EXPECT_EQ(response.headers.get("x-ms-copy-status"), "success");
    EXPECT_EQ(response.headers.get("x-ms-copy-source"), "http://127.0.0.1:10011/acct1/share1/f");
  }
  EXPECT_FALSE(send("HEAD", "/acct1/share1/f").headers.contains("x-ms-copy-progress"));
}

TEST_F(CopyTest, RespectsAReadOnlyTargetUnlessAsked) {
  create_file_with("f", "hello");
  create_file("g", 0, {{"x-ms-file-attributes", "ReadOnly"}});
  const std::string source = "http://127.0.0.1:10011/acct1/share1/f";
  EXPECT_EQ(code_of(send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", source}})), "ReadOnlyAttribute");
  const Headers ignoring = {{"x-ms-copy-source", source}, {"x-ms-file-copy-ignore-readonly", "true"}};
  EXPECT_EQ(send("PUT", "/acct1/share1/g", ignoring).status, 202);
  EXPECT_EQ(get("g"), "hello");
}

TEST_F(CopyTest, HasTheFlagsThatTheRequestNames) {
  create_file("f", 0, {{"x-ms-file-attributes", "Hidden"}});
  const auto flags = [&](Headers headers) {
    headers.set("x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f");
    EXPECT_EQ(send("PUT", "/acct1/share1/g", std::move(headers)).status, 202);
    return send("HEAD", "/acct1/share1/g").headers.get("x-ms-file-attributes");
  };
  EXPECT_EQ(flags({}), "Archive");
  EXPECT_EQ(flags({{"x-ms-file-attributes", "source"}}), "Hidden | Archive");
  EXPECT_EQ(flags({{"x-ms-file-attributes", "System"}}), "System");
  EXPECT_EQ(flags({{"x-ms-file-attributes", "System"}, {"x-ms-file-copy-set-archive", "true"}}), "System | Archive");
  EXPECT_EQ(flags({{"x-ms-file-attributes", "None"}}), "None");
  EXPECT_EQ(flags({{"x-ms-file-attributes", "None"}, {"x-ms-file-copy-set-archive", "true"}}), "Archive");
}

TEST_F(CopyTest, TakesTrailingDotsOffTheSourceUnlessTheyAreMeant) {
  create_file_with("f", "plain");
  create_file("f.", 0, {{"x-ms-allow-trailing-dot", "true"}});
  const std::string source = "http://127.0.0.1:10011/acct1/share1/f.";
  send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", source}});
  EXPECT_EQ(get("g"), "plain");
  send("PUT", "/acct1/share1/g", {{"x-ms-copy-source", source}, {"x-ms-source-allow-trailing-dot", "true"}});
  EXPECT_EQ(get("g"), "");
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

TEST_F(CopyTest, HasTheTimesOfTheSourceWhenTheRequestSaysSo) {
  const std::string time = "2017-07-14T02:40:00.1234567Z";
  create_file("f", 5, {{"x-ms-file-last-write-time", time}, {"x-ms-file-change-time", time}});
  const auto times = [&](Headers headers) {
    headers.set("x-ms-copy-source", "http://127.0.0.1:10011/acct1/share1/f");
    EXPECT_EQ(send("PUT", "/acct1/share1/g", std::move(headers)).status, 202);
    const Response head = send("HEAD", "/acct1/share1/g");
    return std::pair(head.headers.get("x-ms-file-last-write-time") == time,
                     head.headers.get("x-ms-file-change-time") == time);
  };
  EXPECT_EQ(times({}), std::pair(false, false));
  EXPECT_EQ(times({{"x-ms-file-last-write-time", "source"}}), std::pair(true, false));
  EXPECT_EQ(times({{"x-ms-file-last-write-time", "source"}, {"x-ms-file-change-time", "source"}}),
            std::pair(true, true));
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
