#include "files/transfer/kept_marks.hpp"
#include "files/transfer/transfer_fixture.hpp"
#include "signing/digest.hpp"
#include "signing/encoding.hpp"

namespace batchai::files::test {
namespace {

constexpr const char* kChangeTime = "x-ms-file-change-time";

std::string md5_of(const std::string& text) { return signing::base64_encode(signing::md5(text)); }

/// Several small files in one upload: the first one finds out whether the service keeps marks.
class SmallFiles : public TransferTest {
 protected:
  SmallFiles() {
    options_.max_connections = 1;
    for (const char* name : {"a", "b", "c"}) {
      write(name, text(name));
    }
  }
  static std::string text(const std::string& name) { return "content of " + name; }
  std::size_t requests_of(const std::string& name) { return network_->count("/acct1/share1/in/" + name + "?"); }
  /// What a HEAD says before the content of a file is written.
  std::shared_ptr<Headers> look_before_content_of(const std::string& name) {
    auto seen = std::make_shared<Headers>();
    network_->before = [this, seen, name](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (writes_piece(request) && request.url.path().ends_with("/" + name)) {
        *seen = FaceTest::send("HEAD", "/acct1/share1/in/" + name).headers;
      }
      return std::nullopt;
    };
    return seen;
  }
  void expect_all_there() {
    for (const std::string name : {"a", "b", "c"}) {
      EXPECT_EQ(get("in/" + name), text(name));
      EXPECT_EQ(share_.file("in/" + name).get_properties().content_md5, md5_of(text(name)));
    }
  }
  /// With the service's answers as `after` changes them. `first`: what the first file takes.
  void expect_three_requests_each_after(std::size_t first) {
    const auto seen = look_before_content_of("c");
    upload_folder();
    EXPECT_EQ(requests_of("a"), first);
    EXPECT_EQ(requests_of("b"), 3U);
    EXPECT_EQ(requests_of("c"), 3U);
    EXPECT_EQ(seen->get("Content-MD5").size(), md5_of("").size());
    EXPECT_NE(seen->get("Content-MD5"), md5_of(text("c")));
    expect_all_there();
  }
};

TEST_F(SmallFiles, TakeTwoRequestsEachFromTheSecondOn) {
  upload_folder();
  EXPECT_EQ(requests_of("a"), 4U);
  EXPECT_EQ(requests_of("b"), 2U);
  EXPECT_EQ(requests_of("c"), 2U);
  expect_all_there();
}

TEST_F(SmallFiles, AreMarkedUntilTheirContentIsThere) {
  const auto seen = look_before_content_of("b");
  upload_folder();
  EXPECT_EQ(seen->get("Content-MD5"), md5_of(text("b")));
  EXPECT_EQ(seen->get(kChangeTime), seen->get("x-ms-file-last-write-time"));
  const Headers after = send("HEAD", "/acct1/share1/in/b").headers;
  EXPECT_EQ(after.get("x-ms-file-last-write-time"), seen->get("x-ms-file-last-write-time"));
  EXPECT_NE(after.get(kChangeTime), seen->get(kChangeTime));
}

TEST_F(SmallFiles, HoldNoValidMd5BeforeItIsKnownThatMarksAreKept) {
  const auto seen = look_before_content_of("a");
  upload_folder();
  EXPECT_NE(seen->get("Content-MD5"), md5_of(text("a")));
  EXPECT_NE(seen->get("x-ms-file-last-write-time"),
            send("HEAD", "/acct1/share1/in/a").headers.get("x-ms-file-last-write-time"));
}

TEST_F(SmallFiles, AreNotMarkedWhereTheServiceSetsTheTimeOfTheLastChangeItself) {
  network_->after = [](const HttpRequest& request, HttpResponse& response) {
    if (request.headers.contains("x-ms-type")) {
      response.headers.set(kChangeTime, "2018-06-07T21:16:21.0000000Z");
    }
  };
  expect_three_requests_each_after(3);
}

TEST_F(SmallFiles, AreNotMarkedWhereWritingLeavesTheMark) {
  network_->after = [](const HttpRequest& request, HttpResponse& response) {
    if (request.method == "HEAD") {
      response.headers.set(kChangeTime, response.headers.get("x-ms-file-last-write-time"));
    }
  };
  expect_three_requests_each_after(4);
}

TEST_F(SmallFiles, AreNotMarkedWhereTheServiceTellsNoTimeOfTheLastChange) {
  network_->after = [](const HttpRequest&, HttpResponse& response) { response.headers.set(kChangeTime, ""); };
  expect_three_requests_each_after(3);
}

TEST_F(SmallFiles, AreNotMarkedWhereLookingIsNotAllowed) {
  network_->after = [](const HttpRequest& request, HttpResponse& response) {
    if (request.method == "HEAD") {
      response = {.status = 403};
    }
  };
  const auto seen = look_before_content_of("b");
  EXPECT_EQ(upload_folder().files, 3U);
  network_->after = {};
  EXPECT_NE(seen->get("Content-MD5"), md5_of(text("b")));
  expect_all_there();
}

TEST_F(SmallFiles, ThatAreRefusedForGoodLeaveNothingBehind) {
  network_->before = [](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (writes_piece(request) && !request.url.path().ends_with("/a")) {
      return HttpResponse{.status = 409, .headers = {{"x-ms-error-code", "ShareSizeLimitReached"}}};
    }
    return std::nullopt;
  };
  EXPECT_EQ(upload_folder().failures.size(), 2U);
  EXPECT_TRUE(share_.file("in/a").exists());
  EXPECT_FALSE(share_.file("in/b").exists());
}

TEST(KeptMarks, AreAskedForOnceForEachServiceWhereThereIsMoreThanOneFile) {
  KeptMarks marks;
  marks.expect(1);
  EXPECT_FALSE(marks.asks("a"));
  marks.expect(2);
  EXPECT_TRUE(marks.asks("a"));
  EXPECT_FALSE(marks.asks("a"));
  EXPECT_FALSE(marks.are_kept("a"));
  marks.note_kept("a");
  EXPECT_TRUE(marks.are_kept("a"));
  EXPECT_FALSE(marks.are_kept("b"));
  EXPECT_TRUE(marks.asks("b"));
}

}  // namespace
}  // namespace batchai::files::test
